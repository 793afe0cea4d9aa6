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
/// <param name="GraphHash">Its hash.</param>
internal sealed record ForkedRun(RunId Parent, IReadOnlyList<RunEvent> Shared, byte[] Plan, string GraphHash)
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
            var checksum = AddEvents(database, key, run);
            database.Execute("COMMIT\0"u8);
            return new(run, key, 1, Shared.Count, checksum, "it was forked", now);
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
            .Bind(5, GraphHash)
            .Bind(6, RunOwner.Current().ToString())
            .Bind(7, plan)
            .Bind(8, sha256)
            .Bind(9, parent.Integer(0))
            .Bind(10, Shared.Count)
            .Run();
        return database.LastInsertedRow;
    }

    /// <summary>The checksums go on from the run's own name, so that a copied event belongs to its run and no other.</summary>
    private uint AddEvents(SqliteDatabase database, long key, RunId run)
    {
        var checksum = EventChecksum.Begin(run);
        using var writer = new EventWriter();
        using var add = database.Prepare("INSERT INTO events (run, sequence, json, checksum) VALUES (?1, ?2, ?3, ?4)"u8);
        foreach (var happened in Shared)
        {
            var json = writer.Write(happened);
            checksum = EventChecksum.Next(checksum, json);
            add.Bind(1, key).Bind(2, happened.Sequence).BindText(3, json).Bind(4, checksum).Run();
        }

        return checksum;
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
