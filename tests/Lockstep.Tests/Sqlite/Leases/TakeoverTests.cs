using Lockstep.Journal;
using Lockstep.Sqlite;

namespace Lockstep.Tests.Sqlite.Leases;

public sealed class TakeoverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_process_that_dies_right_after_its_takeover_leaves_in_the_journal_for_how_long_nobody_had_the_run()
    {
        var run = await Written.Run(_folder, "run-1", outcome: null);
        var before = EventsOf(run);
        var alive = before[^1].At;
        Orphan();

        await using (var first = Resume(run, before, alive.AddHours(1)))
            Assert.Equal((before.Count, alive), (first.Events.Count, first.Start.AliveUntil));
        Orphan();
        await using var second = Resume(run, EventsOf(run), alive.AddHours(2));

        var resumed = Assert.IsType<RunResumed>(second.Events[^1]);
        Assert.Equal((before.Count + 1, alive, alive.AddHours(1)), ((int)resumed.Sequence, resumed.AliveUntil, resumed.At));
        Assert.Equal(alive.AddHours(1), second.Start.AliveUntil);
        Assert.Equal(RunStatus.Running, StatusOf(run));
    }

    [Fact]
    public async Task A_run_whose_latest_events_are_damaged_is_not_taken_over_though_its_first_were_read_whole()
    {
        var run = await Written.Run(_folder, "run-1", outcome: null);
        var before = EventsOf(run);
        Orphan();
        Written.Sql(_folder, "UPDATE events SET checksum = checksum + 1 WHERE sequence = (SELECT max(sequence) FROM events)");

        Assert.Throws<JournalException>(() => Resume(run, [.. before.SkipLast(1)], TimeProvider.System.GetUtcNow()));

        Assert.Equal(1, Written.Number(_folder, "SELECT fence FROM runs"));
        Assert.Equal(RunStatus.Crashed, StatusOf(run));
    }

    [Fact]
    public async Task A_run_that_went_on_after_it_was_read_is_resumed_where_it_stands_now()
    {
        var run = await Written.Run(_folder, "run-1", outcome: null);
        var events = EventsOf(run);
        Orphan();

        await using var taken = Resume(run, [.. events.SkipLast(1)], TimeProvider.System.GetUtcNow());

        Assert.Equal(events.Count, taken.Events.Count);
        Assert.Equal(events.Count + 1, taken.Start.Sequence);
    }

    private Lockstep.Sqlite.Leases.Resumption Resume(RunId run, IReadOnlyList<RunEvent> before, DateTimeOffset now)
        => SqliteRunJournal.Resume(_folder.Path, run, before, "0.1.0", clock: new ManualTime(now));

    /// <summary>A process number above the kernel's highest never lives.</summary>
    private void Orphan() => Written.Sql(_folder, "UPDATE runs SET owner = '9999999' || substr(owner, instr(owner, ' '))");

    private IReadOnlyList<RunEvent> EventsOf(RunId run)
    {
        using var history = History.Open(_folder.Path);
        return history.Events(run);
    }

    private RunStatus StatusOf(RunId run)
    {
        using var history = History.Open(_folder.Path);
        return history.Find(run.Text)!.Status;
    }
}
