using System.Globalization;
using System.Text;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;
using Lockstep.Tests.Processes;

namespace Lockstep.Tests.Execution;

/// <summary>What the program around the library decides.</summary>
public sealed class HostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Steps_and_values_have_the_environment_that_the_host_gives_and_nothing_of_its_own()
    {
        var project = Open("say: echo \"$GREETING\" @env(GREETING) @sh(\"echo $GREETING\") \"${HOME-no home}\"\n");
        var output = new StringBuilder();
        var result = project.Run(
            project.Plan("say", PlanMode.Run, []).Plan!, new RunOptions { OnOutput = (_, _, bytes) => output.Append(Encoding.UTF8.GetString(bytes)) });
        Assert.Equal((0, "hi hi hi no home\n"), (result.End.ExitCode, output.ToString()));
    }

    [Fact]
    public async Task Cancelling_a_resolved_plan_ends_the_command_it_waits_for()
    {
        var project = Open("say: echo @sh(\"echo $$ > started; exec sleep 1000\")\n");
        Shells.Run(Shells.Sh("mkfifo \"$1\"", _folder["project/started"]));
        var plan = project.Plan("say", PlanMode.Run, []).Plan!;
        using var cancel = new CancellationTokenSource();
        var resolving = Task.Run(() => project.Resolve(plan, cancel.Token), CancellationToken.None);
        var process = int.Parse(await File.ReadAllTextAsync(_folder["project/started"], CancellationToken.None), CultureInfo.InvariantCulture);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
        Assert.False(Shells.Lives(process));
    }

    [Theory]
    [InlineData(nameof(PauseAsked))]
    [InlineData(nameof(StepEnded))]
    public void What_a_host_throws_when_it_is_told_of_an_event_ends_the_run_and_is_kept_and_reaches_the_host(string at)
    {
        var control = new RunControl();
        ThrowsAndEnds(control, """
            main: @parallel {
                sh -c 'echo $$ > started; exec sleep 1000'
                sh -c 'until test -s started; do sleep 0.02; done; exit 0'
            }

            """, new RunOptions
        {
            Control = control,
            OnEvent = happened =>
            {
                if (happened.GetType().Name == at) throw new FormatException("the host's mistake");
                if (at == nameof(PauseAsked) && happened is StepEnded) control.Ask(new PauseRequest("ann", null));
            },
        });
    }

    [Fact]
    public void What_a_host_throws_when_it_is_told_of_output_ends_the_run_and_is_kept_and_reaches_the_host()
        => ThrowsAndEnds(new RunControl(), """
            main: @parallel {
                sh -c 'echo $$ > started; exec sleep 1000'
                sh -c 'until test -s started; do sleep 0.02; done; echo out'
            }

            """, new RunOptions { OnOutput = (_, _, _) => throw new FormatException("the host's mistake") });

    private void ThrowsAndEnds(RunControl control, string commands, RunOptions how)
    {
        var project = Open(commands);
        RunId run = default;

        var thrown = Assert.Throws<FormatException>(() => project.Run(
            project.Plan("main", PlanMode.Run, []).Plan!, how with { Control = control, OnBegin = began => run = began }));

        Assert.Equal("the host's mistake", thrown.Message);
        Assert.False(Shells.Lives(int.Parse(File.ReadAllText(_folder["project/started"]), CultureInfo.InvariantCulture)));
        using var history = History.Open(_folder["store"]);
        var ended = Assert.IsType<RunEnded>(history.Events(run)[^1]);
        Assert.Equal((Outcome.Failed, 70, "an error in lockstep itself: the host's mistake"), (ended.Outcome, ended.ExitCode, ended.Reason));
    }

    private Project Open(string commands)
    {
        _folder.Write("project/commands.cli", commands);
        return Project.Open(new ProjectOptions
        {
            Directory = _folder["project"],
            Variables = new Dictionary<string, string>
            {
                ["GREETING"] = "hi",
                ["PATH"] = "/usr/bin:/bin",
                ["LOCKSTEP_HOME"] = _folder["store"],
            },
        });
    }
}
