using System.Text;
using Lockstep.Journal;
using Lockstep.Plans.Json;
using Lockstep.Sqlite.Binding;

namespace Lockstep.Sqlite.Upkeep;

/// <summary>Something in a store that is not as it was written.</summary>
/// <param name="Run">The run it belongs to; null when it is the store as a whole.</param>
/// <param name="What">One sentence.</param>
public sealed record StoreDamage(RunId? Run, string What);

/// <summary>What a check of a store has looked at and found.</summary>
/// <param name="Runs">How many runs were checked.</param>
/// <param name="Events">How many events they have.</param>
/// <param name="Logs">How many step logs they have.</param>
/// <param name="Damage">What is damaged, the oldest run first; empty when all is whole.</param>
public sealed record CheckedStore(int Runs, long Events, int Logs, IReadOnlyList<StoreDamage> Damage)
{
    /// <summary>Whether all was looked at that was to be; false when the check was cancelled.</summary>
    public bool IsComplete { get; init; } = true;
}

/// <summary>Checks what a store holds: the database's own order, each event's checksum, each plan's hash, that rows and events agree, that logs are there.</summary>
public static class StoreCheck
{
    private const int MostDatabaseFaults = 20;

    /// <summary>Checks all runs of an open store, also while others write it, or one.</summary>
    /// <param name="history">The store.</param>
    /// <param name="only">The run to check; null for all, and the database's own order.</param>
    /// <param name="progress">Told, before each run, how many runs were checked, and of how many; null, the default, for nobody.</param>
    /// <param name="cancel">Ends the check early, with what it has found by then.</param>
    /// <exception cref="JournalException">The store can't be read at all.</exception>
    public static CheckedStore Of(History history, RunId? only = null, Action<int, int>? progress = null, CancellationToken cancel = default)
    {
        var damage = new List<StoreDamage>();
        if (history.Database is not { } database) return new(0, 0, 0, damage);
        if (only is null) CheckDatabase(database, damage, cancel);
        var runs = only is { } one ? [one] : RunsOf(database, damage);
        var events = 0L;
        var logs = 0;
        var done = 0;
        foreach (var run in runs)
        {
            if (cancel.IsCancellationRequested) break;
            progress?.Invoke(done, runs.Count);
            done++;
            try
            {
                var happened = history.Events(run);
                events += happened.Count;
                logs += CheckLogs(history, run, happened, damage);
            }
            catch (JournalException problem)
            {
                damage.Add(new(run, problem.Message));
            }

            try
            {
                _ = PlanJson.Read(history.Plan(run));
            }
            catch (JournalException problem)
            {
                damage.Add(new(run, problem.Message));
            }
            catch (PlanFormatException problem)
            {
                damage.Add(new(run, $"the plan of {run} can't be read by this release: {problem.Message}"));
            }
        }

        return new(done, events, logs, damage) { IsComplete = !cancel.IsCancellationRequested };
    }

    private static void CheckDatabase(SqliteDatabase database, List<StoreDamage> damage, CancellationToken cancel)
    {
        try
        {
            using var ended = cancel.Register(database.Interrupt);
            using var check = database.Prepare("PRAGMA integrity_check(20)"u8);
            while (check.Step())
                if (check.Text(0) is var fault and not "ok" && damage.Count < MostDatabaseFaults) damage.Add(new(null, $"the database is damaged: {fault.ReplaceLineEndings(" ")}"));
        }
        catch (SqliteException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (SqliteException broken)
        {
            damage.Add(new(null, $"the database is damaged: {broken.Message}"));
        }

        CheckTables(database, damage);
    }

    /// <summary>A changed name of a column, or a condition of an index, is in order for SQLite: it has no other idea of what they should be.</summary>
    private static void CheckTables(SqliteDatabase database, List<StoreDamage> damage)
    {
        try
        {
            var written = Schema.Tables(database);
            var expected = Schema.TablesOfNew();
            foreach (var (name, text) in expected)
                if (written.GetValueOrDefault(name) != text) damage.Add(new(null, $"the database is damaged: {name} is not defined as this release defines it"));
            foreach (var name in written.Keys.Where(name => !expected.ContainsKey(name))) damage.Add(new(null, $"the database is damaged: it holds {name}, which this release does not know"));
        }
        catch (SqliteException broken)
        {
            damage.Add(new(null, $"the database is damaged: its tables can't be listed: {broken.Message}"));
        }
    }

    private static List<RunId> RunsOf(SqliteDatabase database, List<StoreDamage> damage)
    {
        var runs = new List<RunId>();
        try
        {
            using var select = database.Prepare(Encoding.UTF8.GetBytes($"{History.SelectRun} ORDER BY key"));
            while (select.Step())
            {
                var run = new RunId(select.Text(1));
                runs.Add(run);
                try
                {
                    _ = History.Record(select);
                }
                catch (Exception unreadable) when (unreadable is JournalException or ArgumentOutOfRangeException)
                {
                    damage.Add(new(run, $"the row of {run} in the list can't be read: {unreadable.Message}"));
                }
            }

            using var strays = database.Prepare("SELECT count(*) FROM (SELECT DISTINCT run FROM events) WHERE run NOT IN (SELECT key FROM runs)"u8);
            if (strays.Step() && strays.Integer(0) is var lost and > 0) damage.Add(new(null, $"there are events of {lost} runs that are not in the list"));
        }
        catch (SqliteException broken)
        {
            damage.Add(new(null, $"the list of runs can't be read to its end: {broken.Message}"));
        }

        return runs;
    }

    /// <summary>Counts the logs; one that is missing though its step printed something is damage.</summary>
    private static int CheckLogs(History history, RunId run, IReadOnlyList<RunEvent> events, List<StoreDamage> damage)
    {
        var logs = 0;
        foreach (var happened in events)
        {
            if (happened is not StepEnded ended) continue;
            if (history.LogOf(run, ended.Step, ended.Attempt) is { } log) logs++;
            else if (ended.OutputBytes > 0) damage.Add(new(run, $"the log of {ended.Step} in {run} is missing, though it printed {ended.OutputBytes} bytes"));
        }

        return logs;
    }
}
