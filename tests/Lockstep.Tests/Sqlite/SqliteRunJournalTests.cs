using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;
using Lockstep.Tests.Journal;
using Lockstep.Tests.Stores;

namespace Lockstep.Tests.Sqlite;

public sealed class SqliteRunJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Story _story = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Flushes_of_one_turn_share_a_commit()
        => OneThread.Run(async loop =>
        {
            await using var journal = Begin();
            journal.Append(_story.Started());
            await journal.Flush();
            var before = loop.Posts;
            var frames = WalBytes();

            var flushes = new List<Task>();
            for (var i = 0; i < 20; i++)
            {
                journal.Append(_story.StepStarted($"s{i}"));
                flushes.Add(journal.Flush().AsTask());
            }

            await Task.WhenAll(flushes);

            Assert.InRange(loop.Posts - before, 1, 2);
            Assert.InRange(WalBytes() - frames, 1, 4 * 4120);
        });

    [Fact]
    public void Events_are_committed_soon_even_when_nobody_flushes()
        => OneThread.Run(async _ =>
        {
            await using var journal = Begin();
            journal.Append(_story.Started());

            await Until(() => File.Exists(StoreFolder.Database(_folder.Path)) && Written.Number(_folder, "SELECT count(*) FROM events") == 1);
        });

    [Fact]
    public async Task The_write_ahead_log_stays_short_after_many_short_runs()
    {
        for (var i = 0; i < 60; i++) await Written.Run(_folder, $"run-{i}");

        Assert.InRange(WalBytes(), 1, 200 * 4120);
        Assert.InRange(new FileInfo(_folder["lockstep.db"]).Length, 12 * 4096, long.MaxValue);
    }

    [Fact]
    public async Task Equal_plans_are_kept_once()
    {
        await Written.Run(_folder, "run-1", plan: 7);
        await Written.Run(_folder, "run-2", plan: 7);
        await Written.Run(_folder, "run-3", plan: 8);

        using var history = History.Open(_folder.Path);
        Assert.Equal([7], history.Plan(new("run-2")));
        Assert.Equal([8], history.Plan(new("run-3")));
        Assert.Equal(2, Written.Number(_folder, "SELECT count(*) FROM plans"));
    }

    [Fact]
    public async Task Many_journals_write_one_new_store_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var story = new Story();
            await using var journal = SqliteRunJournal.Begin(_folder.Path, new($"run-{i}"), () => [1]);
            journal.Append(story.Started());
            for (var step = 0; step < 25; step++)
            {
                journal.Append(story.StepEnded($"s{step}"));
                await journal.Flush();
            }

            journal.Append(story.Ended());
            await journal.Flush();
            Assert.Null(journal.Lost);
        })));

        using var history = History.Open(_folder.Path);
        Assert.Equal(8, history.Runs().Count);
        Assert.All(history.Runs(), run => Assert.Equal(27, history.Events(run.Id).Count));
    }

    [Fact]
    public async Task A_journal_waits_while_another_process_writes()
    {
        await Written.Run(_folder, "run-0");
        using var other = Written.Open(_folder);
        other.Execute("BEGIN IMMEDIATE\0"u8);
        await using var journal = Begin();
        journal.Append(_story.Started());
        var flush = Task.Run(async () => await journal.Flush());
        other.Execute("COMMIT\0"u8);

        await flush;

        Assert.Null(journal.Lost);
    }

    [Fact]
    public async Task A_damaged_store_loses_the_history_and_not_the_run()
    {
        _folder.Write("lockstep.db", new string('x', 8192));

        var lost = await LostAfterARun();

        Assert.Equal(
            $"this run's history is not kept: {_folder["lockstep.db"]} is damaged (file is not a database); move it away and the next run makes a new one", lost);
    }

    [Fact]
    public async Task A_store_of_a_newer_release_is_left_alone()
    {
        await Written.Run(_folder, "run-0");
        Written.Sql(_folder, "PRAGMA user_version = 9");

        var lost = await LostAfterARun();

        Assert.Contains("was made by a newer release (it is in format 9 and this release knows formats up to 7)", lost, StringComparison.Ordinal);
        Assert.Equal(1, Written.Number(_folder, "SELECT count(*) FROM runs"));
    }

    [Fact]
    public async Task A_folder_that_can_not_be_made_loses_the_history()
    {
        var file = _folder.Write("file", "");

        var lost = await LostAfterARun(Path.Join(file, "home"));

        Assert.Contains($"{file} is a file, where history needs a folder", lost, StringComparison.Ordinal);
        Assert.Contains("set LOCKSTEP_HOME to another folder", lost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_under_the_logs_loses_the_history_and_not_the_run()
    {
        Directory.CreateDirectory(_folder[$"logs/{Story.Id}"]);
        File.CreateSymbolicLink(_folder[$"logs/{Story.Id}/a.log"], "/dev/full");
        await using var journal = Begin();
        journal.Append(_story.Started());

        journal.AppendOutput(new("a"), "", "hello"u8);
        journal.AppendOutput(new("a"), "", "hello"u8);

        Assert.Contains("is full; free some space", journal.Lost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_of_the_same_name_is_not_mixed_with_the_first()
    {
        await Written.Run(_folder, Story.Id.Text);

        Assert.NotNull(await LostAfterARun());
        using var history = History.Open(_folder.Path);
        Assert.Equal(4, history.Events(Story.Id).Count);
    }

    [Fact]
    public async Task A_plan_that_can_not_be_written_loses_the_history_and_not_the_run()
    {
        await using var journal = SqliteRunJournal.Begin(_folder.Path, Story.Id, () => throw new InvalidOperationException("no plan"));
        journal.Append(_story.Started());
        await journal.Flush();

        Assert.Contains("no plan", journal.Lost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_and_its_logs_are_the_owners_alone()
    {
        var home = _folder["deep/er"];
        await using (var journal = SqliteRunJournal.Begin(home, Story.Id, () => [1]))
        {
            journal.Append(_story.Started());
            journal.AppendOutput(new("a"), "", "hello"u8);
        }

        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(ownerOnly, File.GetUnixFileMode(home));
        Assert.Equal(ownerOnly, File.GetUnixFileMode(Path.Join(home, "logs")));
    }

    private SqliteRunJournal Begin() => SqliteRunJournal.Begin(_folder.Path, Story.Id, () => [1]);

    private async Task<string?> LostAfterARun(string? home = null)
    {
        await using var journal = SqliteRunJournal.Begin(home ?? _folder.Path, Story.Id, () => [1]);
        journal.Append(_story.Started());
        await journal.Flush();
        journal.Append(_story.StepEnded("a"));
        journal.AppendOutput(new("a"), "", "hello"u8);
        await journal.Flush();
        return journal.Lost;
    }

    private long WalBytes() => new FileInfo(_folder["lockstep.db-wal"]).Length;

    private static async Task Until(Func<bool> condition)
    {
        while (!condition()) await Task.Yield();
    }
}
