using System.Collections.Immutable;
using System.Text;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Source;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Leases;
using Lockstep.Sqlite.Logs;

namespace Lockstep.Sqlite;

/// <summary>What the embedded store knows about runs, also while they run in other processes. Used from one thread.</summary>
/// <remarks>Whatever can't be read is a <see cref="JournalException"/>; a store that is not there yet has no runs.</remarks>
public sealed class History : IDisposable
{
    private readonly string _folder;
    private readonly SqliteDatabase? _database;

    private History(string folder, SqliteDatabase? database)
    {
        _folder = folder;
        _database = database;
    }

    /// <summary>Opens the store in a folder.</summary>
    /// <exception cref="JournalException">It can't be read, is damaged, or a newer release made it.</exception>
    public static History Open(string folder) => Open(folder, StoreConnection.BusyTimeout);

    /// <summary>The same, with another time to wait for a store that is locked.</summary>
    internal static History Open(string folder, TimeSpan busyTimeout)
        => Ask(folder, () => new History(folder, Schema.OpenExisting(StoreFolder.Database(folder), busyTimeout)));

    /// <summary>The newest runs that pass the filter, newest first.</summary>
    public IReadOnlyList<RunRecord> Runs(RunFilter? filter = null) => Ask(_folder, () => Read(filter ?? new RunFilter()));

    /// <summary>The run of this id or unique beginning of one, with or without <c>run-</c>; <c>last</c> is the newest. Null when there is none.</summary>
    /// <exception cref="JournalException">Several runs begin so; the message names some.</exception>
    public RunRecord? Find(string name)
    {
        if (name.Length == 0) return null;
        if (name == "last") return Runs(new RunFilter { Limit = 1 }) is [var newest] ? newest : null;
        var found = Ask(_folder, () => StartingWith(name));
        if (found.Count == 0 && !name.StartsWith("run-", StringComparison.Ordinal)) found = Ask(_folder, () => StartingWith($"run-{name}"));
        if (found.Count < 2) return found.Count == 1 ? found[0] : null;
        if (found.FirstOrDefault(run => run.Id.Text == name) is { } exact) return exact;
        var some = string.Join(", ", found.Take(5).Select(run => run.Id.Text));
        throw new JournalException($"'{name}' is the beginning of several runs: {some}{(found.Count > 5 ? ", …" : "")}; write more of the one you mean");
    }

    /// <summary>The runs that were forked from a run, oldest first.</summary>
    public IReadOnlyList<RunRecord> ForksOf(RunId run) => Ask(_folder, () =>
    {
        var forks = new List<RunRecord>();
        if (_database is null) return forks;
        using var select = _database.Prepare(Encoding.UTF8.GetBytes($"{SelectRun} WHERE parent = (SELECT key FROM runs WHERE id = ?1) ORDER BY key"));
        select.Bind(1, run.Text);
        while (select.Step()) forks.Add(Record(select));
        return forks;
    });

    /// <summary>A run's events, in order, each checked.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">Only events after this sequence number.</param>
    /// <exception cref="JournalException">There is no such run, or an event is damaged or missing; the message says which.</exception>
    public IReadOnlyList<RunEvent> Events(RunId run, long after = 0) => Ask(_folder, () => ReadEvents(run, after, most: null));

    /// <summary>The same, only the first so many; none when there are no more.</summary>
    internal IReadOnlyList<RunEvent> FirstEvents(RunId run, long after, int most) => Ask(_folder, () => ReadEvents(run, after, most));

    /// <summary>The bytes of a run's plan, checked.</summary>
    /// <exception cref="JournalException">There is no such run, or its plan is damaged.</exception>
    public byte[] Plan(RunId run) => Ask(_folder, () => ReadPlan(run));

    /// <summary>How long the steps of a plan took before, of those that are known.</summary>
    /// <exception cref="JournalException">It can't be read.</exception>
    public IReadOnlyDictionary<StepId, StepTiming> Timings(Plan plan)
        => _database is null ? ImmutableDictionary<StepId, StepTiming>.Empty : Ask(_folder, () => StepTimings.Of(_database, plan));

    /// <summary>The logs of a run, in the order in which its steps started; steps that printed nothing have none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">Only this step's, each attempt's; null for all.</param>
    /// <exception cref="JournalException">There is no such run, or its events are damaged.</exception>
    public IReadOnlyList<StepLog> Logs(RunId run, StepId? step = null)
    {
        var logs = new List<StepLog>();
        var seen = new HashSet<(StepId Step, string Attempt)>();
        foreach (var happened in Events(run))
        {
            if (happened is not (StepStarted or StepEnded) || happened is not StepEvent about) continue;
            if (step is not null && about.Step != step || !seen.Add((about.Step, about.Attempt))) continue;
            if (LogOf(run, about.Step, about.Attempt) is { } log) logs.Add(log);
        }

        return logs;
    }

    /// <summary>The log of a step in an attempt; null while the step has printed nothing.</summary>
    /// <exception cref="JournalException">It can't be seen whether there is one.</exception>
    public StepLog? LogOf(RunId run, StepId step, string attempt)
    {
        var path = StepLogs.PathOf(StoreFolder.Logs(_folder, run), step, attempt);
        return Ask(StoreFolder.Logs(_folder, run), () => StoreFolder.Holds(path)) ? new(step, attempt, path) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _database?.Dispose();

    private List<RunRecord> Read(RunFilter filter)
    {
        if (_database is null || filter.Limit <= 0) return [];
        using var select = _database.Prepare(Encoding.UTF8.GetBytes(ListSql(filter)));
        if (filter.Status is { } status) select.Bind(1, StatusText.Of(status));
        if (filter.Command is { } command) select.Bind(2, command);
        if (filter.Since is { } since) select.Bind(3, since.ToUnixTimeMilliseconds());
        if (filter.Directory is { } directory) select.Bind(4, directory);
        var runs = new List<RunRecord>();
        while (runs.Count < filter.Limit && select.Step())
        {
            var run = Record(select);

            // Whether a run's process is gone is not in the store, so it can't be asked there.
            if (filter.Status is null || filter.Status == run.Status) runs.Add(run);
        }

        return runs;
    }

    /// <summary>The list's query: the newest first, without a limit, because rows are read only as far as they are needed.</summary>
    internal static string ListSql(RunFilter filter)
    {
        var conditions = new List<string>();
        if (filter.Status is not null) conditions.Add("status = ?1");
        if (filter.Command is not null) conditions.Add("command = ?2");
        if (filter.Directory is not null) conditions.Add("directory = ?4");
        if (filter.Since is not null) conditions.Add("started_at >= ?3");
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return $"{SelectRun}{where} ORDER BY started_at DESC, key DESC";
    }

    internal const string SelectRun =
        "SELECT key, id, command, status, started_at, ended_at, exit_code, directory, graph_hash, owner, (SELECT id FROM runs AS p WHERE p.key = runs.parent), forked_at FROM runs";

    private List<RunRecord> StartingWith(string beginning)
    {
        if (_database is null) return [];
        using var select = _database.Prepare(Encoding.UTF8.GetBytes($"{SelectRun} WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 6"));
        select.Bind(1, beginning).Bind(2, beginning + "\U0010FFFF");
        var runs = new List<RunRecord>();
        while (select.Step()) runs.Add(Record(select));
        return runs;
    }

    internal static RunRecord Record(SqliteStatement row)
    {
        var status = StatusText.Parse(row.Text(3));
        return new(
            new RunId(row.Text(1)),
            row.Text(2),
            status == RunStatus.Running && RunOwner.Parse(row.Text(9)).IsGone() ? RunStatus.Crashed : status,
            DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(4)),
            row.IsNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(5)),
            row.IsNull(6) ? null : (int)row.Integer(6),
            row.Text(7),
            row.Text(8))
        {
            Key = row.Integer(0),
            Parent = row.IsNull(10) ? null : new RunId(row.Text(10)),
            ForkedAfter = row.IsNull(11) ? null : row.Integer(11),
        };
    }

    private List<RunEvent> ReadEvents(RunId run, long after, int? most)
    {
        if (_database is null) throw NoSuchRun(_folder, run);

        // One transaction, so that the end in the run's row and the events are of the same moment.
        _database.Execute("BEGIN\0"u8);
        try
        {
            var row = RunRow.Find(_database, run) ?? throw NoSuchRun(_folder, run);
            var reader = new EventReader(run, after);
            var toTheEnd = true;
            using (var select = _database.Prepare("SELECT sequence, json, checksum FROM events WHERE run = ?1 AND sequence >= ?2 ORDER BY sequence"u8))
            {
                select.Bind(1, row.Key).Bind(2, after);
                while (toTheEnd && select.Step())
                {
                    reader.Take(select.Integer(0), select.Bytes(1), (uint)select.Integer(2));
                    toTheEnd = most is null || select.Integer(0) < after + most;
                }
            }

            var events = reader.Complete(toTheEnd ? row.Events : null, row.Checksum);
            if (after <= 0) row.CheckAgainst(events);
            return events;
        }
        finally
        {
            _database.Execute("COMMIT\0"u8);
        }
    }

    private byte[] ReadPlan(RunId run)
    {
        if (_database is null) throw NoSuchRun(_folder, run);
        using var select = _database.Prepare("SELECT plans.sha256, plans.content, runs.plan_sha256 FROM runs LEFT JOIN plans ON plans.key = runs.plan WHERE runs.id = ?1"u8);
        if (!select.Bind(1, run.Text).Step()) throw NoSuchRun(_folder, run);
        var content = select.Bytes(1).ToArray();
        var sha256 = Sha256.Hex(content);
        if (sha256 == select.Text(0) && (select.IsNull(2) || sha256 == select.Text(2))) return content;
        throw new JournalException($"the plan of {run} is damaged: it is not the one that was stored; the run can't be resumed, other runs are unaffected");
    }

    internal SqliteDatabase? Database => _database;

    internal string Folder => _folder;

    internal static JournalException NoSuchRun(string folder, RunId run) => new($"there is no run {run} in {StoreFolder.Database(folder)}");

    internal static T Ask<T>(string folder, Func<T> question)
    {
        try
        {
            return question();
        }
        catch (Exception problem) when (problem is not JournalException && StoreProblem.IsOf(problem))
        {
            var known = StoreProblem.Of(folder, problem);
            throw new JournalException($"history can't be read: {known}", problem) { Where = known.Where, Why = $"it {known.Why}", Help = known.Help };
        }
    }
}
