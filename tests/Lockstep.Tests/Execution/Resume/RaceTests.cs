using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Upkeep;
using Xunit.Abstractions;

namespace Lockstep.Tests.Execution.Resume;

/// <summary>Pauses, resumes and ends of one run, asked for by many at once. LOCKSTEP_LONG_TESTS=1 makes 1,000 rounds of each instead of 8.</summary>
public sealed class RaceTests(ITestOutputHelper output)
{
    private const int Steps = 6;
    private static readonly int _rounds = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1" ? 1000 : 8;
    private static readonly string _commands = "w: {\n" + string.Concat(Enumerable.Range(1, Steps).Select(step => $"  echo {step} >> trace\n")) + "}\n";
    private static readonly string _trace = string.Concat(Enumerable.Range(1, Steps).Select(step => $"{step}\n"));

    [Fact]
    public async Task Of_several_that_resume_a_run_at_once_one_does_and_each_step_runs_once()
    {
        var refused = 0;
        for (var round = 0; round < _rounds; round++)
        {
            using var stage = new Stage(_commands);
            var run = Ask(stage, new PauseRequest("a test", null), 2 + (round % 8)).Result.Run;
            var resumed = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Resumed(stage, run))));
            refused += resumed.Count(did => !did);
            AssertEnded(stage, run, RunStatus.Succeeded);
        }

        output.WriteLine($"several resumes at once: {_rounds} rounds of 3, {refused} refused, 0 wrong ends");
    }

    [Fact]
    public void Pauses_at_any_event_lose_no_step_and_double_none()
    {
        var pauses = 0;
        for (var round = 0; round < _rounds; round++)
        {
            using var stage = new Stage(_commands);
            var report = Ask(stage, new PauseRequest("a test", null), 1 + (round % 14));
            for (var again = 0; report.Result.Paused is not null; again++, pauses++)
            {
                var control = new RunControl();
                var at = report.Events[^1].Sequence + 1 + ((round + again) % 5);
                report = stage.Resume(report.Result.Run, new RunOptions { Control = control }, happened =>
                {
                    if (happened.Sequence == at && again < 10) control.Ask(new PauseRequest("a test", null));
                });
            }

            AssertEnded(stage, report.Result.Run, RunStatus.Succeeded);
        }

        output.WriteLine($"pauses at any event: {_rounds} rounds, {pauses} pauses, 0 wrong ends");
    }

    [Fact]
    public async Task A_run_that_is_resumed_and_ended_at_once_ends_in_one_of_the_two_ways()
    {
        var cancelled = 0;
        for (var round = 0; round < _rounds; round++)
        {
            using var stage = new Stage(_commands);
            var run = Ask(stage, new PauseRequest("a test", null), 3).Result.Run;
            await Task.WhenAll(
                Task.Run(() => Resumed(stage, run)),
                Task.Run(() => AskedThroughTheStore(stage, run, new InterruptRequest("a test"))),
                Task.Run(() => AskedThroughTheStore(stage, run, new PauseRequest("another test", null))));
            while (Status(stage, run) == RunStatus.Paused) Resumed(stage, run);

            var status = Status(stage, run);
            if (status == RunStatus.Cancelled) cancelled++;
            AssertEnded(stage, run, status == RunStatus.Cancelled ? RunStatus.Cancelled : RunStatus.Succeeded);
        }

        output.WriteLine($"resume, pause and abort at once: {_rounds} rounds, {cancelled} cancelled, 0 wrong ends");
    }

    private static Report Ask(Stage stage, ControlRequest request, int at)
    {
        var control = new RunControl();
        return stage.Run("w", happened => { if (happened.Sequence == at) control.Ask(request); }, control);
    }

    private static bool Resumed(Stage stage, RunId run)
    {
        try
        {
            stage.Resume(run, new RunOptions());
            return true;
        }
        catch (Exception refused) when (refused is RunIsHeldException or RunHasEndedException)
        {
            return false;
        }
    }

    private static void AskedThroughTheStore(Stage stage, RunId run, ControlRequest request)
    {
        try
        {
            stage.Ask(run, request);
        }
        catch (RunHasEndedException)
        {
            // It was faster.
        }
    }

    private static RunStatus Status(Stage stage, RunId run)
    {
        using var history = History.Open(stage.Folder["store"]);
        return history.Find(run.Text)!.Status;
    }

    /// <summary>Ended so, each step once and in order, and the journal whole.</summary>
    private static void AssertEnded(Stage stage, RunId run, RunStatus expected)
    {
        Assert.Equal(expected, Status(stage, run));
        var trace = File.Exists(stage["trace"]) ? stage.Read("trace") : "";
        if (expected == RunStatus.Succeeded) Assert.Equal(_trace, trace);
        else Assert.StartsWith(trace, _trace, StringComparison.Ordinal);
        using var history = History.Open(stage.Folder["store"]);
        Assert.Empty(StoreCheck.Of(history).Damage);
        Assert.Single(history.Events(run).OfType<RunEnded>());
    }
}
