using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Logs;
using Lockstep.Workspaces;

namespace Lockstep.Sqlite.Leases;

/// <summary>The beginning of a run that shares another's events up to one of them. Both are whole by themselves: either may be pruned.</summary>
/// <param name="Parent">The run whose events they are; it is only read.</param>
/// <param name="Shared">They, checked.</param>
/// <param name="Plan">The bytes of the new run's plan.</param>
/// <param name="Start">What goes on with it.</param>
internal sealed record ForkedRun(RunId Parent, IReadOnlyList<RunEvent> Shared, byte[] Plan, RunForked Start)
{
    /// <summary>Writes it, all or none, and takes it over.</summary>
    /// <exception cref="JournalException">There is no such run any more.</exception>
    public Takeover Write(string folder, RunId run, DateTimeOffset now)
    {
        using var database = Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout) ?? throw History.NoSuchRun(folder, Parent);
        CopyLogs(StoreFolder.Logs(folder, Parent), StoreFolder.Logs(folder, run));
        database.Execute("BEGIN IMMEDIATE\0"u8);
        try
        {
            var key = AddRun(database, folder, run, now);
            var start = Start with { Sequence = Shared.Count + 1, At = now };

            // The checksums go on from the run's own name, so that a copied event belongs to its run and no other.
            var checksum = Takeover.Add(database, key, EventChecksum.Begin(run), [.. Shared, start]);
            database.Execute("COMMIT\0"u8);
            return new(run, key, 1, checksum, start);
        }
        catch
        {
            Schema.TryRollback(database);
            throw;
        }
    }

    private long AddRun(SqliteDatabase database, string folder, RunId run, DateTimeOffset now)
    {
        using var parent = database.Prepare("SELECT key, command, directory FROM runs WHERE id = ?1"u8);
        if (!parent.Bind(1, Parent.Text).Step()) throw History.NoSuchRun(folder, Parent);
        var (plan, sha256) = StoreConnection.AddPlan(database, Plan);
        using var add = database.Prepare(
            """
            INSERT INTO runs (id, command, status, started_at, directory, graph_hash, owner, plan, plan_sha256, alive_at, parent, forked_at)
            VALUES (?1, ?2, 'running', ?3, ?4, ?5, ?6, ?7, ?8, ?3, ?9, ?10)
            """u8);
        add.Bind(1, run.Text)
            .Bind(2, parent.Text(1))
            .Bind(3, now.ToUnixTimeMilliseconds())
            .Bind(4, parent.Text(2))
            .Bind(5, Start.GraphHash)
            .Bind(6, RunOwner.Current().ToString())
            .Bind(7, plan)
            .Bind(8, sha256)
            .Bind(9, parent.Integer(0))
            .Bind(10, Shared.Count)
            .Run();
        return database.LastInsertedRow;
    }

    private void CopyLogs(string from, string to)
    {
        foreach (var ended in Shared.OfType<StepEnded>().DistinctBy(ended => (ended.Step, ended.Attempt)))
        {
            var log = StepLogs.PathOf(from, ended.Step, ended.Attempt);
            if (!StoreFolder.Holds(log)) continue;
            PrivateFolder.Create(to);
            File.Copy(log, StepLogs.PathOf(to, ended.Step, ended.Attempt), overwrite: true);
        }
    }
}
