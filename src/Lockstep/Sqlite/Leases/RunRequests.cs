using Lockstep.Journal;
using Lockstep.Sqlite.Connections;

namespace Lockstep.Sqlite.Leases;

/// <summary>What is asked of runs that other processes execute.</summary>
public static class RunRequests
{
    /// <summary>Leaves a request for whoever executes the run, now or later.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <param name="run">The run.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="now">The time, for the record.</param>
    /// <exception cref="RunHasEndedException">Nobody will execute it any more.</exception>
    /// <exception cref="JournalException">There is no such run, or the store can't be written.</exception>
    public static void Leave(string folder, RunId run, ControlRequest request, DateTimeOffset now) => History.Ask(folder, () =>
    {
        using var database = Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout) ?? throw History.NoSuchRun(folder, run);
        database.Execute("BEGIN IMMEDIATE\0"u8);
        try
        {
            using (var find = database.Prepare("SELECT key, status, exit_code FROM runs WHERE id = ?1"u8))
            {
                if (!find.Bind(1, run.Text).Step()) throw History.NoSuchRun(folder, run);
                var status = StatusText.Parse(find.Text(1));
                if (status is not (RunStatus.Running or RunStatus.Paused)) throw new RunHasEndedException(run, status, (int)find.Integer(2));
                using var add = database.Prepare("INSERT INTO requests (run, at, json) VALUES (?1, ?2, ?3)"u8);
                add.Bind(1, find.Integer(0)).Bind(2, now.ToUnixTimeMilliseconds()).BindText(3, request.ToUtf8()).Run();
            }

            database.Execute("COMMIT\0"u8);
            return true;
        }
        catch
        {
            Schema.TryRollback(database);
            throw;
        }
    });

    /// <summary>Whether something was asked of a run that its owner has not done yet.</summary>
    /// <exception cref="JournalException">The store can't be read.</exception>
    internal static bool AreLeft(string folder, RunId run) => History.Ask(folder, () =>
    {
        using var database = Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout) ?? throw History.NoSuchRun(folder, run);
        using var find = database.Prepare("SELECT 1 FROM requests WHERE run = (SELECT key FROM runs WHERE id = ?1) LIMIT 1"u8);
        return find.Bind(1, run.Text).Step();
    });
}
