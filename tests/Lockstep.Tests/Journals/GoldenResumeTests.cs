using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Upkeep;
using Lockstep.Tests.Execution;
using Lockstep.Tests.Execution.Resume;
using Lockstep.Tests.Shape;

namespace Lockstep.Tests.Journals;

/// <summary>Runs of the golden journals in a real store, with the plan they had: the definitions beside them still make it.</summary>
public sealed class GoldenResumeTests
{
    private static readonly string _folder = Repository.PathOf("tests", "Lockstep.Tests", "Journals", "v1");
    private static readonly string _definitions = File.ReadAllText(Path.Combine(_folder, "commands.cli"));

    /// <summary>A journal, and the first of its events after which a crash leads to the same end: what was asked of a run before is not asked again.</summary>
    public static TheoryData<string, int> Journals => new()
    {
        { "again", 1 }, { "asked", 1 }, { "beside", 1 }, { "chain", 1 }, { "fails", 1 }, { "guarded", 1 }, { "interrupted", 3 }, { "locked", 1 }, { "locked-2", 1 },
        { "needed-once", 1 }, { "needing", 1 }, { "once", 1 }, { "otherwise", 1 }, { "paused", 1 }, { "sequence", 1 }, { "stopped", 3 }, { "too-long", 1 }, { "using", 1 },
    };

    [Theory]
    [MemberData(nameof(Journals))]
    public async Task A_run_of_an_earlier_format_goes_on_after_any_of_its_events_to_the_end_it_had(string name, int first)
    {
        List<RunEvent> events = [.. File.ReadLines(Path.Combine(_folder, name + ".jsonl")).Select(line => EventJson.Read(System.Text.Encoding.UTF8.GetBytes(line)))];
        var end = (RunEnded)events[^1];
        for (var kept = first; kept < events.Count; kept++)
        {
            using var stage = new Stage(_definitions);

            // What the commands of then waited for.
            foreach (var awaited in (string[])["free", "p2"]) File.WriteAllText(stage[awaited], "");
            var run = await Keep(stage, events, kept);

            var report = stage.Resume(run, new RunOptions { Confirm = (_, _, _) => Task.FromResult((true, "ann")) });

            // Later releases name no step where somebody asked for the end.
            var cause = end.Outcome == Outcome.Cancelled ? null : end.RootCause;
            Assert.Equal((name, kept, end.Outcome, end.ExitCode, cause), (name, kept, report.Outcome, report.ExitCode, report.Result.End.RootCause));
            Assert.Equal(RunState.StatusOf(end.Outcome), stage.Listed(run).Status);
            using var history = History.Open(stage.Folder["store"]);
            Assert.Empty(StoreCheck.Of(history).Damage);
        }
    }

    private static async Task<RunId> Keep(Stage stage, List<RunEvent> events, int kept)
    {
        var started = (RunStarted)events[0];
        var plan = stage.Plan(started.Command).Plan!;
        Assert.Equal(started.GraphHash, GraphHash.Of(plan));
        var run = new RunId("run-20261121-123600-a7b3c1d2");
        await using (var journal = SqliteRunJournal.Begin(stage.Folder["store"], run, () => PlanJson.ToUtf8(plan)))
        {
            foreach (var happened in events.Take(kept))
            {
                if (happened is StepEnded { OutputBytes: > 0 } ended) journal.AppendOutput(ended.Step, ended.Attempt, new byte[ended.OutputBytes]);
                journal.Append(happened);
            }
        }

        new Life(stage, started.Command).CrashAfter(run, events[kept - 1].Sequence);
        return run;
    }
}
