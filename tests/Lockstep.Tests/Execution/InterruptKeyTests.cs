using Lockstep.Tests.Processes;

namespace Lockstep.Tests.Execution;

/// <summary>Ctrl-C on the terminal of a step that has one of its own.</summary>
public sealed class InterruptKeyTests
{
    private const string CtrlC = "\u0003";

    [Fact]
    public void A_program_that_dies_of_it_ends_the_run_as_interrupted()
    {
        var shown = Typed("main: sh -c 'echo ready; exec sleep 1000'\n", ("ready", CtrlC));
        Assert.Contains("interrupted", shown, StringComparison.Ordinal);
        Assert.EndsWith("code 130\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_tells_of_it_by_the_code_130_ends_the_run_as_interrupted()
    {
        var shown = Typed("main: sh -c 'trap \"exit 130\" INT; echo ready; while :; do sleep 0.01; done'\n", ("ready", CtrlC));
        Assert.Contains("interrupted", shown, StringComparison.Ordinal);
        Assert.EndsWith("code 130\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Finally_blocks_run_after_it()
    {
        var shown = Typed("""
            main: @try {
                main: { sh -c 'echo ready; exec sleep 1000'; echo never }
                finally: echo cleaned
            }

            """, ("ready", CtrlC));
        Assert.Contains("cleaned\r\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("never", shown, StringComparison.Ordinal);
        Assert.EndsWith("code 130\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_goes_on_after_it_keeps_the_run_going()
    {
        var shown = Typed(
            "main: sh -c 'trap \"echo again\" INT; echo ready; while :; do if read x; then echo \"got $x\"; exit 0; fi; done'\n",
            ("ready", CtrlC), ("again", CtrlC), ("again", "word\n"));
        Assert.Contains("got word", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("interrupted", shown, StringComparison.Ordinal);
        Assert.EndsWith("code 0\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_handles_it_and_fails_fails_the_run_with_its_own_code()
    {
        var shown = Typed("main: sh -c 'trap \"exit 9\" INT; echo ready; while :; do sleep 0.01; done'\n", ("ready", CtrlC));
        Assert.DoesNotContain("interrupted", shown, StringComparison.Ordinal);
        Assert.EndsWith("code 9\r\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_run_is_being_ended_it_ends_everything_at_once()
    {
        var shown = Typed("""
            main: @try {
                main: sh -c 'echo ready; exec sleep 1000'
                finally: sh -c 'trap "" INT TERM; echo cleaning; sleep 1000'
            }

            """, ("ready", CtrlC), ("cleaning", CtrlC));
        Assert.Contains("at once", shown, StringComparison.Ordinal);
        Assert.EndsWith("code 130\r\n", shown, StringComparison.Ordinal);
    }

    /// <summary>What a terminal showed on which a run of these definitions was typed at, its exit code last.</summary>
    private static string Typed(string commands, params (string Awaited, string Keys)[] typing)
    {
        using var folder = new TemporaryFolder();
        folder.Write("project/commands.cli", commands);
        return TypedTerminal.Show(
            $"LOCKSTEP_HOME='{folder["store"]}' '{Processes.Dummy.Dotnet}' '{Processes.Dummy.Library}' run '{folder["project"]}'; echo code $?", typing);
    }
}
