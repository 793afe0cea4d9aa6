using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;

namespace Lockstep.Sqlite.Leases;

/// <summary>The right to write a run's journal, taken by this process.</summary>
/// <param name="Run">The run.</param>
/// <param name="Key">Its row.</param>
/// <param name="Fence">The number without which nobody may write; each takeover has a higher one.</param>
/// <param name="Sequence">The last event's number.</param>
/// <param name="Checksum">The last event's checksum.</param>
/// <param name="Reason">Why the run could be taken over.</param>
/// <param name="AliveUntil">The latest moment at which its executor before was known to live.</param>
internal sealed record Takeover(RunId Run, long Key, long Fence, long Sequence, uint Checksum, string Reason, DateTimeOffset AliveUntil)
{
    /// <summary>After this long without a sign of life an executor may be replaced, though its process still exists.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>Takes a run over that has not ended and that nobody executes.</summary>
    /// <exception cref="RunHasEndedException">There is nothing left to execute.</exception>
    /// <exception cref="RunIsHeldException">Another process executes it.</exception>
    /// <exception cref="JournalException">There is no such run.</exception>
    public static Takeover Of(string folder, RunId run, DateTimeOffset now)
    {
        using var database = Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout) ?? throw History.NoSuchRun(folder, run);
        database.Execute("BEGIN IMMEDIATE\0"u8);
        try
        {
            var taken = Take(database, folder, run, now);
            database.Execute("COMMIT\0"u8);
            return taken;
        }
        catch
        {
            Schema.TryRollback(database);
            throw;
        }
    }

    private static Takeover Take(SqliteDatabase database, string folder, RunId run, DateTimeOffset now)
    {
        using var select = database.Prepare("SELECT key, status, exit_code, owner, fence, alive_at, started_at, imported_at FROM runs WHERE id = ?1"u8);
        if (!select.Bind(1, run.Text).Step()) throw History.NoSuchRun(folder, run);
        var status = StatusText.Parse(select.Text(1));
        if (status is not (RunStatus.Running or RunStatus.Paused)) throw new RunHasEndedException(run, status, (int)select.Integer(2));
        if (!select.IsNull(7)) throw new JournalException($"{run} was imported from another store: only there can it go on");

        var key = select.Integer(0);
        var owner = RunOwner.Parse(select.Text(3));
        var fence = select.Integer(4) + 1;
        var alive = DateTimeOffset.FromUnixTimeMilliseconds(select.IsNull(5) ? select.Integer(6) : select.Integer(5));
        var reason = status == RunStatus.Paused ? "it was paused" : Free(owner, alive, now) ?? throw new RunIsHeldException(run, owner.Process, owner.Machine);
        select.Reset();

        using (var update = database.Prepare("UPDATE runs SET status = 'running', owner = ?2, fence = ?3, alive_at = ?4, events = NULL, checksum = NULL WHERE key = ?1"u8))
            update.Bind(1, key).Bind(2, RunOwner.Current().ToString()).Bind(3, fence).Bind(4, now.ToUnixTimeMilliseconds()).Run();

        // To go on is the later wish.
        using (var forget = database.Prepare("DELETE FROM requests WHERE run = ?1 AND json LIKE '{\"type\":\"pause\"%'"u8)) forget.Bind(1, key).Run();

        using var last = database.Prepare("SELECT sequence, checksum FROM events WHERE run = ?1 ORDER BY sequence DESC LIMIT 1"u8);
        if (!last.Bind(1, key).Step()) throw new JournalException($"the journal of {run} is damaged: it has no events; what it did can't be trusted, other runs are unaffected");
        return new(run, key, fence, last.Integer(0), (uint)last.Integer(1), reason, alive);
    }

    /// <summary>Why nobody executes the run; null when somebody does.</summary>
    private static string? Free(RunOwner owner, DateTimeOffset alive, DateTimeOffset now)
        => owner.IsGone() ? $"process {owner.Process}, which executed it, is gone"
            : now - alive > Lease && !owner.IsAtWork() ? $"process {owner.Process} on {owner.Machine} has given no sign of life since {alive.UtcDateTime:HH:mm:ss}Z"
            : null;
}

/// <summary>Another process has taken the run over, so nothing of this one's is written any more.</summary>
internal sealed class LeaseLostException(RunId run) : Exception($"another process has taken {run} over");
