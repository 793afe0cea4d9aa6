using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Tests.Execution;
using Lockstep.Tests.Journal;
using Lockstep.Tests.Stores;

namespace Lockstep.Tests.Sqlite.Damage;

/// <summary>Another process holds the store's lock for as long as it likes, by a second connection.</summary>
public sealed class LockedStoreTests : IDisposable
{
    private static readonly StoreWaits _impatient = new(TimeSpan.Zero, TimeSpan.FromMinutes(1), 1 << 20) { ToOpen = TimeSpan.FromMilliseconds(20) };
    private readonly TemporaryFolder _folder = new();
    private readonly Story _story = new();
    private readonly TaskCompletionSource<string> _behind = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_goes_on_while_the_store_is_locked_and_all_of_it_is_kept_once_the_lock_is_gone()
        => OneThread.Run(async _ =>
        {
            using var other = await Lockable();
            await using var journal = Begin(_impatient);
            journal.Append(_story.Started());
            await journal.Flush();
            other.Execute("BEGIN IMMEDIATE\0"u8);

            for (var step = 0; step < 1_000; step++)
            {
                journal.Append(_story.StepEnded($"s{step}"));
                await journal.Flush();
            }

            Assert.Contains("is locked by another process, so this run's history waits in memory", await _behind.Task, StringComparison.Ordinal);
            Assert.Equal((null, await _behind.Task), (journal.Lost, journal.Behind));
            Assert.Equal(1, Kept());
            other.Execute("COMMIT\0"u8);
            journal.Append(_story.Ended());
            await journal.Sync();

            Assert.Equal((null, null), (journal.Lost, journal.Behind));
            Assert.Equal(1_002, Kept());
        });

    [Fact]
    public void A_locked_store_does_not_hold_up_the_thread_of_the_run()
        => OneThread.Run(async _ =>
        {
            using var other = await Lockable();
            await using var journal = Begin(StoreWaits.Default with { Patience = TimeSpan.FromMinutes(10) });
            journal.Append(_story.Started());
            await journal.Flush();
            other.Execute("BEGIN IMMEDIATE\0"u8);

            journal.Append(_story.StepEnded("a"));
            var flush = journal.Flush().AsTask();
            for (var turn = 0; turn < 1_000; turn++)
            {
                journal.Append(_story.StepStarted($"s{turn}"));
                await Task.Yield();
            }

            Assert.False(flush.IsCompleted);
            other.Execute("COMMIT\0"u8);
            await flush;
            Assert.Null(journal.Behind);
            Assert.Equal(1_002, Kept());
        });

    [Fact]
    public async Task A_store_that_is_locked_before_the_run_begins_has_it_once_the_lock_is_gone()
    {
        using var other = await Lockable();
        other.Execute("BEGIN IMMEDIATE\0"u8);
        await using (var journal = Begin(_impatient))
        {
            journal.Append(_story.Started());
            await journal.Flush();
            await _behind.Task;
            journal.Append(_story.Ended());
            other.Execute("COMMIT\0"u8);
        }

        Assert.Equal(2, Kept());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_that_can_not_even_be_opened_has_the_run_once_it_can(bool pooled)
        => OneThread.Run(async _ =>
        {
            using var pool = new StorePool(_folder.Path);
            using (var other = await Lockable())
            {
                // Such a lock keeps readers out too, and so whoever opens the store.
                other.Execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE runs SET command = command; COMMIT\0"u8);
                Assert.ThrowsAny<Exception>(() => StoreConnection.Open(_folder.Path, Durability.Normal, TimeSpan.Zero).Dispose());
                await using var journal = pooled ? Begin(pool, _impatient) : Begin(_impatient);
                journal.Append(_story.Started());
                await journal.Flush();
                journal.Append(_story.StepEnded("a"));
                await journal.Flush();
                Assert.Contains("is locked by another process", await _behind.Task, StringComparison.Ordinal);
                Assert.Null(journal.Lost);

                other.Dispose();
                journal.Append(_story.Ended());
                await journal.Sync();
                Assert.Equal((null, null), (journal.Lost, journal.Behind));
            }

            Assert.Equal(3, Kept());
        });

    [Fact]
    public void Runs_of_a_pool_share_the_connection_that_the_first_of_them_opened()
        => OneThread.Run(async _ =>
        {
            using var pool = new StorePool(_folder.Path);
            for (var run = 0; run < 3; run++)
            {
                var story = new Story();
                await using var journal = SqliteRunJournal.Begin(pool, new RunId($"run-{run}"), () => [1]);
                journal.Append(story.Started());
                journal.Append(story.Ended());
                await journal.Sync();
                Assert.Null(journal.Lost);
            }

            var only = pool.RentIdle();
            Assert.NotNull(only);
            Assert.Null(pool.RentIdle());
            pool.Return(only);
            using var history = History.Open(_folder.Path);
            Assert.All(history.Runs(), run => Assert.Equal(2, history.Events(run.Id).Count));
            Assert.Equal(3, history.Runs().Count);
        });

    [Fact]
    public async Task A_lock_that_outlives_the_run_and_its_grace_is_told_and_what_was_kept_before_is_whole()
    {
        using var other = await Lockable();
        await using var journal = Begin(_impatient with { AtTheEnd = TimeSpan.Zero });
        journal.Append(_story.Started());
        await journal.Flush();
        other.Execute("BEGIN IMMEDIATE\0"u8);
        journal.Append(_story.StepEnded("a"));
        journal.Append(_story.Ended());

        await journal.Sync();

        Assert.StartsWith($"this run's history is not kept to its end: {_folder["lockstep.db"]} was locked by another process for ", journal.Lost, StringComparison.Ordinal);
        other.Execute("COMMIT\0"u8);
        Assert.Equal(1, Kept());
    }

    [Fact]
    public void No_more_events_wait_than_memory_allows()
        => OneThread.Run(async _ =>
        {
            using var other = await Lockable();
            await using var journal = Begin(_impatient with { MostInMemory = 100_000 });
            journal.Append(_story.Started());
            await journal.Flush();
            other.Execute("BEGIN IMMEDIATE\0"u8);
            journal.Append(_story.StepEnded("a"));
            await _behind.Task;

            for (var step = 0; step < 1_000 && journal.Lost is null; step++)
            {
                journal.Append(_story.StepEnded($"s{step}"));
                await journal.Flush();
            }

            Assert.Contains("was locked by another process", journal.Lost, StringComparison.Ordinal);
            other.Execute("COMMIT\0"u8);
        });

    [Fact]
    public async Task A_journal_that_is_behind_is_told_apart_before_what_may_happen_only_once()
    {
        using var other = await Lockable();
        await using var journal = Begin(_impatient);
        journal.Append(_story.Started());
        await journal.Sync();
        other.Execute("BEGIN IMMEDIATE\0"u8);
        journal.Append(_story.StepStarted("a"));
        await journal.Flush();
        Assert.NotNull(journal.Behind);

        var asked = journal.Sync();
        other.Execute("COMMIT\0"u8);
        Assert.True(SpinWait.SpinUntil(() => journal.Behind is null, TimeSpan.FromMinutes(1)));

        Assert.Contains("waits in memory until it can be written", await asked, StringComparison.Ordinal);
        Assert.Null(await journal.Sync());
        Assert.Equal(2, Kept());
    }

    [Fact]
    public void What_may_happen_only_once_and_was_not_started_for_a_locked_store_is_started_by_a_retry_and_asks_nobody()
    {
        using var stage = new Stage("main: {\n true\n @retry(attempts = 1000, delay = 10ms) { @effect(\"once\") { sh -c 'echo paid >> trace' } }\n}\n");
        SqliteDatabase? other = null;
        try
        {
            var report = stage.Run("main", happened =>
            {
                if (happened is StepStarted { Attempt: "1" })
                {
                    other = SqliteDatabase.Open(StoreFolder.Database(stage.Folder["store"]), create: false, Written.Wait);
                    other.Execute("BEGIN IMMEDIATE\0"u8);
                }

                if (happened is StepRetried { Failed: 1 }) other!.Execute("COMMIT\0"u8);
            });

            Assert.Contains("that it starts can't be recorded", report.Events.OfType<StepRetried>().First().Error, StringComparison.Ordinal);
            Assert.Equal(0, report.ExitCode);
            Assert.Equal("paid\n", stage.Read("trace"));
        }
        finally
        {
            other?.Dispose();
        }
    }

    [Fact]
    public void A_whole_run_goes_on_over_a_store_locked_for_longer_than_it_waits_and_says_so_once()
    {
        using var stage = new Stage("""
            main: {
                echo one
                sh -c 'until test -e go; do sleep 0.02; done'
                echo two
            }

            """);
        SqliteDatabase? other = null;
        var told = new List<string>();
        try
        {
            var report = stage.Run(
                "main",
                happened =>
                {
                    if (happened is StepStarted { Step.Path: "main/2" })
                    {
                        other = SqliteDatabase.Open(StoreFolder.Database(stage.Folder["store"]), create: false, Written.Wait);
                        other.Execute("BEGIN IMMEDIATE\0"u8);
                    }

                    if (happened is StepStarted { Step.Path: "main/3" }) other!.Execute("COMMIT\0"u8);
                },
                new RunOptions
                {
                    OnHistoryWaits = why =>
                    {
                        told.Add(why);
                        File.WriteAllText(stage["go"], "");
                    },
                });

            Assert.Contains("history waits in memory", Assert.Single(told), StringComparison.Ordinal);
            Assert.Equal((0, null), (report.ExitCode, report.Result.HistoryLost));
            Assert.Equal(report.Events.Select(happened => (happened.Sequence, happened.GetType())), stage.Kept(report.Result.Run).Select(happened => (happened.Sequence, happened.GetType())));
        }
        finally
        {
            other?.Dispose();
        }
    }

    private SqliteRunJournal Begin(StoreWaits waits) => Telling(SqliteRunJournal.Begin(_folder.Path, Story.Id, () => [1], Durability.Normal, null, null, waits));

    private SqliteRunJournal Begin(StorePool pool, StoreWaits waits) => Telling(SqliteRunJournal.Begin(pool, Story.Id, () => [1], null, null, waits));

    private SqliteRunJournal Telling(SqliteRunJournal journal)
    {
        journal.OnBehind = why => _behind.TrySetResult(why);
        return journal;
    }

    private async Task<SqliteDatabase> Lockable()
    {
        await Written.Run(_folder, "run-0");
        return Written.Open(_folder);
    }

    private int Kept()
    {
        using var history = History.Open(_folder.Path);
        return history.Events(Story.Id).Count;
    }
}
