using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;

namespace Lockstep.Sqlite.Leases;

/// <summary>The right to write a run's journal, taken by this process together with the event that tells so: whoever dies in between leaves both or neither.</summary>
/// <param name="Run">The run.</param>
/// <param name="Key">Its row.</param>
/// <param name="Fence">The number without which nobody may write; each takeover has a higher one.</param>
/// <param name="Checksum">The checksum of <paramref name="Start"/>.</param>
/// <param name="Start">The event, in the store, the last one.</param>
internal sealed record Takeover(RunId Run, long Key, long Fence, uint Checksum, RunEvent Start)
{
    /// <summary>After this long without a sign of life an executor may be replaced, though its process still exists.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>Takes a run over that has not ended and that nobody executes.</summary>
    /// <exception cref="RunHasEndedException">There is nothing left to execute.</exception>
    /// <exception cref="RunIsHeldException">Another process executes it.</exception>
    /// <exception cref="JournalException">There is no such run.</exception>
    /// <returns>Null, with nothing done, when <paramref name="before"/> is not all that happened.</returns>
    public static Takeover? Of(string folder, RunId run, IReadOnlyList<RunEvent> before, string version, DateTimeOffset now)
    {
        using var database = Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout) ?? throw History.NoSuchRun(folder, run);
        database.Execute("BEGIN IMMEDIATE\0"u8);
        try
        {
            var taken = Take(database, Free(database, folder, run, now), run, before, version, now);
            database.Execute("COMMIT\0"u8);
            return taken;
        }
        catch
        {
            Schema.TryRollback(database);
            throw;
        }
    }

    /// <summary>Finds out whether a run could be taken over now, and leaves it as it is.</summary>
    /// <exception cref="RunHasEndedException">There is nothing left to execute.</exception>
    /// <exception cref="RunIsHeldException">Another process executes it.</exception>
    /// <exception cref="JournalException">There is no such run, or the store can't be used.</exception>
    public static void Check(string folder, RunId run, DateTimeOffset now) => History.Ask(folder, () =>
    {
        using var database = Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout) ?? throw History.NoSuchRun(folder, run);
        return Free(database, folder, run, now);
    });

    private static FreeRun Free(SqliteDatabase database, string folder, RunId run, DateTimeOffset now)
    {
        using var select = database.Prepare("SELECT key, status, exit_code, owner, fence, alive_at, started_at, imported_at FROM runs WHERE id = ?1"u8);
        if (!select.Bind(1, run.Text).Step()) throw History.NoSuchRun(folder, run);
        var status = StatusText.Parse(select.Text(1));
        if (status is not (RunStatus.Running or RunStatus.Paused)) throw new RunHasEndedException(run, status, (int)select.Integer(2));
        if (!select.IsNull(7)) throw new JournalException($"{run} was imported from another store: only there can it go on");

        var owner = RunOwner.Parse(select.Text(3));
        var alive = DateTimeOffset.FromUnixTimeMilliseconds(select.IsNull(5) ? select.Integer(6) : select.Integer(5));
        var reason = status == RunStatus.Paused ? "it was paused" : Free(owner, alive, now) ?? throw new RunIsHeldException(run, owner.Process, owner.Machine);
        return new(select.Integer(0), select.Integer(4), alive, reason);
    }

    private static Takeover? Take(SqliteDatabase database, FreeRun free, RunId run, IReadOnlyList<RunEvent> before, string version, DateTimeOffset now)
    {
        var (sequence, checksum) = Last(database, free.Key, run);
        if (sequence != before[^1].Sequence) return null;

        var fence = free.Fence + 1;
        using (var update = database.Prepare("UPDATE runs SET status = 'running', owner = ?2, fence = ?3, alive_at = ?4, events = NULL, checksum = NULL WHERE key = ?1"u8))
            update.Bind(1, free.Key).Bind(2, RunOwner.Current().ToString()).Bind(3, fence).Bind(4, now.ToUnixTimeMilliseconds()).Run();

        // To go on is the later wish.
        using (var forget = database.Prepare("DELETE FROM requests WHERE run = ?1 AND json LIKE '{\"type\":\"pause\"%'"u8)) forget.Bind(1, free.Key).Run();

        var alive = before[^1].At > free.Alive ? before[^1].At : free.Alive;
        var start = new RunResumed(Environment.ProcessId, version, free.Reason, alive) { Sequence = sequence + 1, At = now };
        return new(run, free.Key, fence, Add(database, free.Key, checksum, [start]), start);
    }

    private static (long Sequence, uint Checksum) Last(SqliteDatabase database, long key, RunId run)
    {
        using var last = database.Prepare("SELECT sequence, checksum FROM events WHERE run = ?1 ORDER BY sequence DESC LIMIT 1"u8);
        return last.Bind(1, key).Step()
            ? (last.Integer(0), (uint)last.Integer(1))
            : throw new JournalException($"the journal of {run} is damaged: it has no events; what it did can't be trusted, other runs are unaffected");
    }

    /// <summary>Adds events to a run after the one that has a checksum; gives that of the last.</summary>
    public static uint Add(SqliteDatabase database, long key, uint checksum, IEnumerable<RunEvent> events)
    {
        using var writer = new EventWriter();
        using var add = database.Prepare("INSERT INTO events (run, sequence, json, checksum) VALUES (?1, ?2, ?3, ?4)"u8);
        foreach (var happened in events)
        {
            var json = writer.Write(happened);
            checksum = EventChecksum.Next(checksum, json);
            add.Bind(1, key).Bind(2, happened.Sequence).BindText(3, json).Bind(4, checksum).Run();
        }

        return checksum;
    }

    /// <summary>Why nobody executes the run; null when somebody does.</summary>
    private static string? Free(RunOwner owner, DateTimeOffset alive, DateTimeOffset now)
        => owner.IsGone() ? $"process {owner.Process}, which executed it, is gone"
            : now - alive > Lease && !owner.IsAtWork() ? $"process {owner.Process} on {owner.Machine} has given no sign of life since {alive.UtcDateTime:HH:mm:ss}Z"
            : null;

    /// <summary>A run that nobody executes, as its row tells.</summary>
    /// <param name="Key">Its row.</param>
    /// <param name="Fence">That of its executor before.</param>
    /// <param name="Alive">The latest moment at which that one said that it lives.</param>
    /// <param name="Reason">Why the run can be taken over.</param>
    private sealed record FreeRun(long Key, long Fence, DateTimeOffset Alive, string Reason);
}

/// <summary>Another process has taken the run over, so nothing of this one's is written any more.</summary>
internal sealed class LeaseLostException(RunId run) : Exception($"another process has taken {run} over");
