using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Leases;
using Lockstep.Workspaces.Outputs;

namespace Lockstep.Sqlite.Upkeep;

/// <summary>Which runs may go. A run that runs, is paused, can be resumed after a crash, or was forked to one that stays is never among them.</summary>
public sealed record PruneRule
{
    /// <summary>Only runs that ended before then, and kept outputs not used since; null for runs of any age, and no kept outputs.</summary>
    public DateTimeOffset? EndedBefore { get; init; }

    /// <summary>The newest so many runs stay in any case; default 0.</summary>
    public int Keep { get; init; }

    /// <summary>Whether to count only.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What pruning did, or would do.</summary>
/// <param name="Runs">How many runs, with their events and logs.</param>
/// <param name="Events">How many events.</param>
/// <param name="Plans">How many plans that no run has any more; 0 where it was only counted.</param>
/// <param name="Logs">How many step logs.</param>
/// <param name="Outputs">How many kept results of steps; null where others used them all the time.</param>
/// <param name="Bytes">How much smaller the store is, its logs and kept outputs included; 0 where it was only counted.</param>
/// <param name="Unfinished">How many runs are old enough and stay because they have not ended.</param>
public sealed record PrunedStore(int Runs, long Events, int Plans, int Logs, int? Outputs, long Bytes, int Unfinished);

/// <summary>Removes old runs, a few at a time, so that others that write the store meanwhile wait for none of it for long.</summary>
public static class StorePruning
{
    private const int RunsAtOnce = 200;
    private const int PagesAtOnce = 2000;

    /// <summary>Prunes a store.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <param name="rule">Which runs may go.</param>
    /// <param name="clock">The clock of the wait for the kept outputs.</param>
    /// <param name="cancel">Ends it between two steps; what is gone by then is gone whole.</param>
    /// <exception cref="JournalException">The store can't be used.</exception>
    public static async Task<PrunedStore> Prune(string folder, PruneRule rule, TimeProvider clock, CancellationToken cancel = default)
    {
        var pruned = History.Ask(folder, () => PruneRuns(folder, rule, cancel));
        if (rule.EndedBefore is not { } unusedSince) return pruned;
        var cache = new OutputCache(folder, clock);
        try
        {
            if (rule.DryRun) return pruned with { Outputs = (await cache.MeasureAsync(unusedSince)).Entries };
            var outputs = await cache.PruneAsync(long.MaxValue, cancel, unusedSince);
            return pruned with { Outputs = outputs?.Removed.Entries, Bytes = pruned.Bytes + (outputs?.Removed.Bytes ?? 0) };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var known = StoreProblem.Of(folder, problem);
            throw new JournalException($"kept outputs can't be removed: {known}", problem) { Where = known.Where, Why = $"it {known.Why}", Help = known.Help };
        }
    }

    private static PrunedStore PruneRuns(string folder, PruneRule rule, CancellationToken cancel)
    {
        var path = StoreFolder.Database(folder);
        using var database = Schema.OpenExisting(path, StoreConnection.BusyTimeout);
        if (database is null) return new(0, 0, 0, 0, 0, 0, 0);
        var old = OldRuns(database, rule, out var unfinished);
        if (rule.DryRun) return Counted(database, folder, old, unfinished);
        var before = SizeOf(path);
        var pruned = new PrunedStore(0, 0, 0, 0, 0, 0, unfinished);
        foreach (var some in old.Chunk(RunsAtOnce))
        {
            cancel.ThrowIfCancellationRequested();
            pruned = Remove(database, folder, some, pruned);
        }

        var plans = Write(database, () => Count(database, "DELETE FROM plans WHERE key NOT IN (SELECT plan FROM runs WHERE plan IS NOT NULL)"u8));
        if (pruned.Runs > 0 || plans > 0) Shrink(database, cancel);
        return pruned with { Plans = (int)plans, Bytes = pruned.Bytes + Math.Max(0, before - SizeOf(path)) };
    }

    private static List<(long Key, RunId Run)> OldRuns(SqliteDatabase database, PruneRule rule, out int unfinished)
    {
        var old = new List<(long Key, RunId Run)>();
        unfinished = 0;
        var before = long.MaxValue;
        if (rule.Keep > 0)
        {
            using var kept = database.Prepare("SELECT started_at FROM runs ORDER BY started_at DESC LIMIT 1 OFFSET ?1"u8);
            if (!kept.Bind(1, rule.Keep - 1).Step()) return old;
            before = kept.Integer(0);
        }

        using var select = database.Prepare(
            """
            SELECT key, id, status FROM runs
            WHERE started_at < ?2 AND started_at < ?1 AND coalesce(ended_at, started_at) < ?1 AND coalesce(imported_at, started_at) < ?1
                AND NOT EXISTS (SELECT 1 FROM runs AS fork WHERE fork.parent = runs.key)
            ORDER BY started_at
            """u8);
        select.Bind(1, rule.EndedBefore?.ToUnixTimeMilliseconds() ?? long.MaxValue).Bind(2, before);
        while (select.Step())
        {
            if (StatusText.Parse(select.Text(2)) is RunStatus.Running or RunStatus.Paused) unfinished++;
            else old.Add((select.Integer(0), new(select.Text(1))));
        }

        return old;
    }

    private static PrunedStore Counted(SqliteDatabase database, string folder, List<(long Key, RunId Run)> old, int unfinished)
    {
        using var count = database.Prepare("SELECT count(*) FROM events WHERE run = ?1"u8);
        var counted = new PrunedStore(old.Count, 0, 0, 0, 0, 0, unfinished);
        foreach (var (key, run) in old)
        {
            count.Bind(1, key).Step();
            counted = counted with { Events = counted.Events + count.Integer(0), Logs = counted.Logs + FilesIn(StoreFolder.Logs(folder, run)).Count };
            count.Reset();
        }

        return counted;
    }

    /// <summary>Takes some runs out of the database, all or none, and their logs after that: a log without its run is found by <see cref="StoreCleaning"/>.</summary>
    private static PrunedStore Remove(SqliteDatabase database, string folder, (long Key, RunId Run)[] runs, PrunedStore pruned)
    {
        var events = Write(database, () =>
        {
            var removed = 0L;
            foreach (var (key, _) in runs)
            {
                removed += Count(database, "DELETE FROM events WHERE run = ?1"u8, key);
                _ = Count(database, "DELETE FROM requests WHERE run = ?1"u8, key);
                _ = Count(database, "DELETE FROM deliveries WHERE run = ?1"u8, key);
                _ = Count(database, "DELETE FROM runs WHERE key = ?1"u8, key);
            }

            return removed;
        });
        var logs = 0;
        var bytes = 0L;
        foreach (var (_, run) in runs)
        {
            var files = FilesIn(StoreFolder.Logs(folder, run));
            logs += files.Count;
            bytes += files.Sum(file => file.Length);
            if (files.Count > 0) Directory.Delete(StoreFolder.Logs(folder, run), recursive: true);
        }

        return pruned with { Runs = pruned.Runs + runs.Length, Events = pruned.Events + events, Logs = pruned.Logs + logs, Bytes = pruned.Bytes + bytes };
    }

    /// <summary>Gives the free pages back, a few in each transaction.</summary>
    /// <remarks>A store that was made before that was possible is written anew, once, when nothing runs: whoever writes waits for it.</remarks>
    private static void Shrink(SqliteDatabase database, CancellationToken cancel)
    {
        if (database.Integer("PRAGMA auto_vacuum"u8) == 0)
        {
            if (SomethingRuns(database)) return;
            database.Execute("PRAGMA auto_vacuum = INCREMENTAL; VACUUM\0"u8);
        }

        while (database.Integer("PRAGMA freelist_count"u8) is var free and > 0)
        {
            cancel.ThrowIfCancellationRequested();
            using (var some = database.Prepare(System.Text.Encoding.ASCII.GetBytes($"PRAGMA incremental_vacuum({PagesAtOnce})"))) some.Run();
            if (database.Integer("PRAGMA freelist_count"u8) >= free) break;
        }

        database.TruncateLog();
    }

    private static bool SomethingRuns(SqliteDatabase database)
    {
        using var select = database.Prepare("SELECT owner FROM runs WHERE status = 'running'"u8);
        while (select.Step())
            if (!RunOwner.Parse(select.Text(0)).IsGone()) return true;
        return false;
    }

    private static long Write(SqliteDatabase database, Func<long> change)
    {
        database.Execute("BEGIN IMMEDIATE\0"u8);
        try
        {
            var changed = change();
            database.Execute("COMMIT\0"u8);
            return changed;
        }
        catch
        {
            Schema.TryRollback(database);
            throw;
        }
    }

    private static long Count(SqliteDatabase database, ReadOnlySpan<byte> change, long? key = null)
    {
        using var statement = database.Prepare(change);
        if (key is { } bound) statement.Bind(1, bound);
        statement.Run();
        return database.Integer("SELECT changes()"u8);
    }

    private static long SizeOf(string database) => new FileInfo(database).Length + (new FileInfo(database + "-wal") is { Exists: true } log ? log.Length : 0);

    private static List<FileInfo> FilesIn(string folder) => Directory.Exists(folder) ? [.. new DirectoryInfo(folder).EnumerateFiles()] : [];
}
