using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Leases;
using Lockstep.Sqlite.Upkeep;
using Lockstep.Tests.Journal;

namespace Lockstep.Tests.Sqlite.Upkeep;

public sealed class StorePruningTests : IDisposable
{
    private static readonly DateTimeOffset _begin = new Story().Started().At;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Old_runs_go_with_their_events_logs_and_plans()
    {
        await Written.Run(_folder, "run-1", plan: 1);
        await Written.Run(_folder, "run-2", plan: 2, later: TimeSpan.FromDays(10));

        var pruned = await Prune(new() { EndedBefore = _begin.AddDays(5) });

        Assert.Equal((1, 4, 1, 1), (pruned.Runs, pruned.Events, pruned.Plans, pruned.Logs));
        using var history = History.Open(_folder.Path);
        Assert.Equal(["run-2"], history.Runs().Select(run => run.Id.Text));
        Assert.Equal(4, history.Events(new("run-2")).Count);
        Assert.Equal([2], history.Plan(new("run-2")));
        Assert.Equal(0, Written.Number(_folder, "SELECT count(*) FROM events WHERE run NOT IN (SELECT key FROM runs)"));
        Assert.Equal([_folder["logs/run-2"]], Directory.EnumerateDirectories(_folder["logs"]));
    }

    [Fact]
    public async Task A_plan_that_another_run_has_too_stays()
    {
        await Written.Run(_folder, "run-1", plan: 7);
        await Written.Run(_folder, "run-2", plan: 7, later: TimeSpan.FromDays(10));

        Assert.Equal(0, (await Prune(new() { EndedBefore = _begin.AddDays(5) })).Plans);
        using var history = History.Open(_folder.Path);
        Assert.Equal([7], history.Plan(new("run-2")));
    }

    [Fact]
    public async Task The_newest_runs_stay_in_any_case()
    {
        for (var i = 1; i <= 5; i++) await Written.Run(_folder, $"run-{i}", later: TimeSpan.FromSeconds(i));

        Assert.Equal(0, (await Prune(new() { Keep = 9 })).Runs);
        Assert.Equal(3, (await Prune(new() { Keep = 2, EndedBefore = _begin.AddDays(5) })).Runs);
        Assert.Equal(["run-5", "run-4"], Ids());
    }

    [Fact]
    public async Task A_dry_run_counts_and_removes_nothing()
    {
        await Written.Run(_folder, "run-1");

        var pruned = await Prune(new() { DryRun = true });

        Assert.Equal((1, 4, 1), (pruned.Runs, pruned.Events, pruned.Logs));
        Assert.Equal(["run-1"], Ids());
        Assert.True(Directory.Exists(_folder["logs/run-1"]));
    }

    [Fact]
    public async Task Runs_that_have_not_ended_stay_whatever_became_of_their_process()
    {
        var owner = RunOwner.Current();
        await Written.Run(_folder, "run-runs", outcome: null);
        await Written.Run(_folder, "run-crashed", outcome: null);
        await Written.Run(_folder, "run-paused", outcome: null);
        Written.Sql(_folder, $"UPDATE runs SET owner = '{owner with { Started = owner.Started + 1 }}' WHERE id = 'run-crashed'; UPDATE runs SET status = 'paused' WHERE id = 'run-paused'");

        var pruned = await Prune(new() { EndedBefore = _begin.AddDays(50) });

        Assert.Equal((0, 3), (pruned.Runs, pruned.Unfinished));
        Assert.Equal(3, Ids().Length);
    }

    [Fact]
    public async Task A_run_that_was_forked_to_one_that_stays_stays()
    {
        await Written.Run(_folder, "run-1");
        await Written.Run(_folder, "run-2", later: TimeSpan.FromDays(10));
        Written.Sql(_folder, "UPDATE runs SET parent = 1 WHERE id = 'run-2'");

        Assert.Equal(0, (await Prune(new() { EndedBefore = _begin.AddDays(5) })).Runs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PRAGMA auto_vacuum = NONE; VACUUM")]
    public async Task The_file_shrinks_also_of_a_store_made_before_it_could(string older)
    {
        await Written.Run(_folder, "run-1");
        await Written.Run(_folder, "run-2", later: TimeSpan.FromDays(10));
        Written.Sql(_folder, $"{older}; INSERT INTO events SELECT 1, 100 + value, hex(randomblob(500)), 0 FROM generate_series(1, 3000)".Replace(
            "FROM generate_series(1, 3000)", "FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 3000) SELECT value FROM n)", StringComparison.Ordinal));
        var before = Written.Number(_folder, "PRAGMA page_count") * 4096;

        var pruned = await Prune(new() { EndedBefore = _begin.AddDays(5) });

        Assert.InRange(new FileInfo(_folder["lockstep.db"]).Length, 1, before / 10);
        Assert.InRange(pruned.Bytes, before / 2, long.MaxValue);
        Assert.Equal(0, Written.Number(_folder, "PRAGMA freelist_count"));
    }

    [Fact]
    public async Task A_run_that_is_written_meanwhile_is_kept_whole()
    {
        for (var i = 0; i < 20; i++) await Written.Run(_folder, $"run-{i}");
        await using var journal = SqliteRunJournal.Begin(_folder.Path, Story.Id, () => [9]);
        var story = new Story();
        journal.Append(story.Started());
        await journal.Flush();

        await Prune(new() { EndedBefore = _begin.AddDays(50) });
        journal.Append(story.StepEnded("a"));
        journal.Append(story.Ended());
        await journal.Flush();

        Assert.Null(journal.Lost);
        using var history = History.Open(_folder.Path);
        Assert.Equal(3, history.Events(Story.Id).Count);
        Assert.Equal([9], history.Plan(Story.Id));
    }

    [Fact]
    public async Task A_store_that_is_not_there_has_nothing_to_prune()
    {
        Assert.Equal(0, (await StorePruning.Prune(_folder["nowhere"], new(), TimeProvider.System)).Runs);
        Assert.False(Directory.Exists(_folder["nowhere"]));
    }

    private Task<PrunedStore> Prune(PruneRule rule) => StorePruning.Prune(_folder.Path, rule, TimeProvider.System);

    private string[] Ids()
    {
        using var history = History.Open(_folder.Path);
        return [.. history.Runs().Select(run => run.Id.Text)];
    }
}
