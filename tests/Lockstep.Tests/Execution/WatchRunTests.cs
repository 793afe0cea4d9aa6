using Lockstep.Journal;
using Lockstep.Tests.Processes;

namespace Lockstep.Tests.Execution;

public sealed class WatchRunTests : IDisposable
{
    private readonly Stage _stage = new("go: {\n  echo one\n  echo two\n}\n");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_run_that_has_ended_is_told_from_any_event_on()
    {
        var report = _stage.Run("go");
        Assert.Equal(report.Events.Select(happened => happened.Sequence), await Watched(report.Result.Run, 0));
        Assert.Equal([5, 6], await Watched(report.Result.Run, 4));
        Assert.Empty(await Watched(report.Result.Run, 6));
    }

    [Fact]
    public async Task A_step_is_seen_while_it_runs()
    {
        var begun = new TaskCompletionSource<RunId>();
        using var stage = new Stage("go: {\n  echo one\n  cat < gate\n}\n") { Options = new RunOptions { OnBegin = begun.SetResult } };
        Shells.Run(Shells.Sh("mkfifo \"$1\"", stage["gate"]));
        var running = Task.Run(() => stage.Run("go"));
        var seen = new List<string>();
        await foreach (var happened in Runs(stage).Watch(await begun.Task))
        {
            seen.Add(happened.GetType().Name);
            if (happened is StepStarted { Text: "cat < gate" }) await File.WriteAllTextAsync(stage["gate"], "");
        }

        await running;
        Assert.Equal(["RunStarted", "StepStarted", "StepEnded", "StepStarted", "StepEnded", "RunEnded"], seen);
    }

    [Fact]
    public async Task A_watch_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var paused = new Stage("go: {\n  echo one\n  echo two\n}\n") { Options = new RunOptions { Control = Pausing() } };
        using (paused)
        {
            var run = paused.Run("go").Result.Run;
            var seen = new List<RunEvent>();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var happened in Runs(paused).Watch(run, cancel: cancel.Token))
                {
                    seen.Add(happened);
                    if (happened is RunPaused) await cancel.CancelAsync();
                }
            });
            Assert.IsType<RunPaused>(seen[^1]);
        }
    }

    [Fact]
    public async Task A_run_that_never_comes_into_the_store_is_an_error()
        => await Assert.ThrowsAsync<JournalException>(async () =>
        {
            _stage.Run("go");
            await foreach (var _ in Runs(_stage, new HastyTime()).Watch(new RunId("run-20261120-143022-00000000")))
            {
            }
        });

    private static Lockstep.Execution.RunControl Pausing()
    {
        var control = new Lockstep.Execution.RunControl();
        control.Ask(new PauseRequest("a test", null));
        return control;
    }

    private async Task<List<long>> Watched(RunId run, long after)
    {
        var seen = new List<long>();
        await foreach (var happened in Runs(_stage).Watch(run, after)) seen.Add(happened.Sequence);
        return seen;
    }

    private static Runs Runs(Stage stage, TimeProvider? clock = null) => new(new ProjectOptions
    {
        Environment = name => name == "LOCKSTEP_HOME" ? stage.Folder["store"] : null,
        Clock = clock ?? TimeProvider.System,
    });
}
