using System.Text;
using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class InterruptTests
{
    [Fact]
    public void Once_ends_the_steps_and_runs_finally_blocks()
    {
        var report = Interrupted("""
            serve: @try {
                main: { echo ready; sleep 600 }
                finally: echo cleaned
            }
            """, times: 1, new HastyTime(), out _);
        Assert.Equal(130, report.ExitCode);
        Assert.Equal("ready\ncleaned\n", report.Output);
        Assert.Equal(Outcome.Cancelled, report.Outcome);
    }

    [Fact]
    public void Finally_blocks_can_still_resolve_values()
    {
        var report = Interrupted("""
            serve: @try {
                main: { echo ready; sleep 600 }
                finally: echo cleaned @sh("echo up")
            }
            """, times: 1, new HastyTime(), out _);
        Assert.Equal("ready\ncleaned up\n", report.Output);
    }

    [Fact]
    public void Twice_ends_everything_at_once()
    {
        var report = Interrupted("""
            serve: @try {
                main: { echo ready; sleep 600 }
                finally: { echo never; sleep 600 }
            }
            """, times: 2, TimeProvider.System, out _);
        Assert.Equal(130, report.ExitCode);
        Assert.Equal("ready\n", report.Output);
    }

    [Fact]
    public void A_child_that_ignores_the_gentle_signal_and_its_children_are_killed()
    {
        var report = Interrupted(
            "serve: trap '' TERM; sh -c 'sleep 600' & echo $!; while :; do sleep 0.01; done\n", times: 1, new HastyTime(), out var output);
        Assert.Equal(130, report.ExitCode);
        Assert.False(IsAlive(output.Trim()));
    }

    /// <summary>A process that has ended and waits for its new parent to take note is not alive.</summary>
    private static bool IsAlive(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Interrupts as soon as the run has printed a line.</summary>
    private static Report Interrupted(string commands, int times, TimeProvider clock, out string output)
    {
        var control = new RunControl();
        using var stage = new Stage(commands) { Clock = clock, Options = new RunOptions { Control = control } };
        var printed = new StringBuilder();
        stage.OnOutput = text =>
        {
            printed.Append(text);
            if (!text.Contains('\n', StringComparison.Ordinal)) return;
            for (var i = 0; i < times; i++) control.Interrupt("Ctrl-C");
        };
        var report = stage.Run("serve");
        output = printed.ToString();
        return report;
    }
}
