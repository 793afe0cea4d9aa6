using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Nodes;
using Lockstep.Sqlite;
using Lockstep.Tests.Journal;
using Lockstep.Tests.Plans;

namespace Lockstep.Tests.Sqlite;

public sealed class StepTimingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ShellNode _step = Sketch.Shell("npm test");
    private readonly ShellNode _other = Sketch.Shell("npm run lint");
    private readonly ShellNode _twin = Sketch.Shell("npm test");
    private int _runs;

    private Plan Plan => Sketch.Plan("ci", _step, _other, _twin);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_step_that_ran_has_a_timing_and_one_that_did_not_has_none()
    {
        await Run(End(_step, 300));
        await Run(End(_step, 100));

        var timings = Timings();
        Assert.Equal(new StepTiming(Ms(200), Ms(300), 2), timings[_step.Id]);
        Assert.False(timings.ContainsKey(_other.Id));
    }

    [Fact]
    public async Task Steps_that_do_the_same_share_their_times()
    {
        await Run(End(_step, 100), End(_twin, 300));

        Assert.Equal(new StepTiming(Ms(200), Ms(300), 2), Timings()[_twin.Id]);
    }

    [Fact]
    public async Task Only_the_last_twenty_times_count()
    {
        await Run(End(_step, 9000));
        for (var i = 0; i < 10; i++) await Run(End(_step, 100), End(_step, 100));
        Assert.Equal(new StepTiming(Ms(100), Ms(100), 20), Timings()[_step.Id]);

        await Run([.. Enumerable.Repeat(End(_step, 700), 50)]);
        Assert.Equal(new StepTiming(Ms(700), Ms(700), 20), Timings()[_step.Id]);
    }

    [Fact]
    public async Task Times_of_steps_that_failed_or_that_took_none_are_not_kept()
    {
        await Run(End(_step, 100) with { Outcome = Outcome.Failed }, End(_other, 0));

        Assert.Empty(Timings());
    }

    [Fact]
    public async Task A_run_that_failed_keeps_the_times_of_its_steps_that_succeeded()
    {
        await Run(Outcome.Failed, End(_step, 100));

        Assert.Equal(Ms(100), Timings()[_step.Id].Median);
    }

    [Fact]
    public async Task A_run_that_has_not_ended_has_no_times_and_what_came_before_a_resume_has_them_at_its_end()
    {
        var before = End(_step, 100);
        await Run((Outcome?)null, before);
        Assert.Empty(Timings());

        await using (var journal = Begin())
        {
            journal.Timings = StepTimings.In(() => StepHash.Of(Plan), [before]);
            await Write(journal, Outcome.Succeeded, []);
        }

        Assert.Equal(Ms(100), Timings()[_step.Id].Median);
    }

    [Fact]
    public async Task What_a_forked_run_shares_with_its_parent_is_not_counted_twice()
    {
        await Run(End(_step, 100));
        await using (var journal = Begin())
        {
            journal.Timings = StepTimings.In(() => StepHash.Of(Plan), [End(_step, 100), new RunForked("run-1", 2, "the beginning", [], "0123456789abcdef", 42, "0.1.0")]);
            await Write(journal, Outcome.Succeeded, [End(_other, 200)]);
        }

        Assert.Equal(1, Timings()[_step.Id].Runs);
        Assert.Equal(1, Timings()[_other.Id].Runs);
    }

    [Fact]
    public void A_store_that_is_not_there_knows_nothing()
    {
        using var history = History.Open(_folder["nowhere"]);
        Assert.Empty(history.Timings(Plan));
    }

    [Fact]
    public async Task A_store_of_an_older_format_learns_from_then_on()
    {
        await Run(End(_step, 100));
        Written.Sql(_folder, "DROP TABLE deliveries; DROP TABLE receivers; DROP TABLE timings; PRAGMA user_version = 4");

        Assert.Empty(Timings());
        await Run(End(_step, 200));
        Assert.Equal(new StepTiming(Ms(200), Ms(200), 1), Timings()[_step.Id]);
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static StepEnded End(ShellNode step, double milliseconds) => new(step.Id, "", Outcome.Succeeded, 0, Ms(milliseconds), null, 0);

    private IReadOnlyDictionary<StepId, StepTiming> Timings()
    {
        using var history = History.Open(_folder.Path);
        return history.Timings(Plan);
    }

    private SqliteRunJournal Begin() => SqliteRunJournal.Begin(_folder.Path, new($"run-{++_runs}"), () => [1]);

    private Task Run(params StepEnded[] ends) => Run(Outcome.Succeeded, ends);

    private async Task Run(Outcome? outcome, params StepEnded[] ends)
    {
        await using var journal = Begin();
        journal.Timings = StepTimings.In(() => StepHash.Of(Plan), []);
        await Write(journal, outcome, ends);
    }

    private static async Task Write(SqliteRunJournal journal, Outcome? outcome, StepEnded[] ends)
    {
        var story = new Story();
        journal.Append(story.Started());
        foreach (var end in ends) journal.Append(story.Tell(end));
        if (outcome is { } how) journal.Append(story.Ended(how));
        await journal.Flush();
        Assert.Null(journal.Lost);
    }
}
