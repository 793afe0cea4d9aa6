using System.Runtime.InteropServices;
using Lockstep.Journal;
using Lockstep.Source;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Leases;
using Microsoft.Win32.SafeHandles;

namespace Lockstep.Sqlite;

/// <summary>Writes one run's events, a batch in one transaction each. Used by one thread at a time.</summary>
internal sealed class RunWriter : IDisposable
{
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Of 4 KiB each: half a megabyte, which every process reads when it opens the store, in a third of a millisecond.</summary>
    private const int LongestLog = 128;

    /// <summary>While a run goes on, copying waits for more, as each copy waits for the disk three times.</summary>
    private const int LongestLogInRun = 1024;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _addEvent;
    private readonly SqliteStatement _isOurs;
    private readonly List<long> _acknowledged = [];
    private readonly RunId _run;
    private readonly Func<byte[]> _plan;
    private readonly EventWriter _json = new();
    private readonly string _logPath;
    private SafeFileHandle? _log;
    private uint _checksum;
    private long _sequence;
    private long _key;
    private long _fence = 1;
    private long _lastRequest;
    private DateTimeOffset? _importedAt;

    private RunWriter(SqliteDatabase database, string logPath, RunId run, Func<byte[]> plan)
    {
        _database = database;
        _logPath = logPath;
        _run = run;
        _plan = plan;
        _checksum = EventChecksum.Begin(run);
        _begin = database.Prepare("BEGIN IMMEDIATE"u8);
        _commit = database.Prepare("COMMIT"u8);
        _addEvent = database.Prepare("INSERT INTO events (run, sequence, json, checksum) VALUES (?1, ?2, ?3, ?4)"u8);
        _isOurs = database.Prepare("SELECT 1 FROM runs WHERE key = ?1 AND fence = ?2"u8);
    }

    public static RunWriter Open(string folder, RunId run, Func<byte[]> plan, Durability durability)
    {
        var database = Schema.Open(StoreFolder.Database(folder), BusyTimeout);
        try
        {
            database.Execute(durability switch
            {
                Durability.Full => "PRAGMA synchronous = FULL\0"u8,
                Durability.Normal => "PRAGMA synchronous = NORMAL\0"u8,
                _ => throw new InvalidOperationException($"no setting for the durability {durability}"),
            });
            return new RunWriter(database, StoreFolder.Database(folder) + "-wal", run, plan);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Goes on writing a run that the process has taken over.</summary>
    public static RunWriter Continue(string folder, Takeover taken, Durability durability)
    {
        var writer = Open(folder, taken.Run, () => throw new InvalidOperationException("a run that goes on has its plan"), durability);
        writer._key = taken.Key;
        writer._fence = taken.Fence;
        writer._sequence = taken.Sequence;
        writer._checksum = taken.Checksum;
        return writer;
    }

    /// <summary>Writes a run that another store has kept, all of it or nothing.</summary>
    public static void Import(string folder, RunId run, byte[] plan, List<RunEvent> events, DateTimeOffset now)
    {
        using var writer = Open(folder, run, () => plan, Durability.Full);
        writer._importedAt = now;
        writer.Store(events);
    }

    /// <summary>Makes the events durable: all of them, or none and an exception.</summary>
    /// <param name="events">The events.</param>
    /// <param name="timings">How long steps take, which is stored with the run's end; null for nothing.</param>
    public void Store(List<RunEvent> events, StepTimings? timings = null)
    {
        _begin.Run();
        try
        {
            if (_key != 0) CheckFence();
            foreach (var happened in CollectionsMarshal.AsSpan(events)) Add(happened, timings);
            foreach (var request in _acknowledged) Forget(request);
            _acknowledged.Clear();
            _commit.Run();
            _log ??= File.OpenHandle(_logPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch
        {
            Rollback();
            throw;
        }

        if (_database.LogPages >= LongestLogInRun) _database.CopyLog();
    }

    /// <summary>Makes what is stored outlive a power cut. From any thread.</summary>
    public void Sync() => RandomAccess.FlushToDisk(_log!);

    /// <summary>Forgets a request in the next transaction.</summary>
    public void Acknowledge(long request) => _acknowledged.Add(request);

    /// <summary>What was asked of the run since the last call.</summary>
    public List<ControlRequest> NewRequests()
    {
        var requests = new List<ControlRequest>();
        if (_key == 0) return requests;
        using var select = _database.Prepare("SELECT key, json FROM requests WHERE run = ?1 AND key > ?2 ORDER BY key"u8);
        select.Bind(1, _key).Bind(2, _lastRequest);
        while (select.Step())
        {
            _lastRequest = select.Integer(0);
            requests.Add(ControlRequest.Read(select.Bytes(1), _lastRequest));
        }

        return requests;
    }

    /// <summary>Says that this process lives and executes the run.</summary>
    /// <exception cref="LeaseLostException">Another process has taken the run over.</exception>
    public void Renew(DateTimeOffset now)
    {
        if (_key == 0) return;
        _begin.Run();
        try
        {
            CheckFence();
            using (var renew = _database.Prepare("UPDATE runs SET alive_at = ?2 WHERE key = ?1"u8))
                renew.Bind(1, _key).Bind(2, now.ToUnixTimeMilliseconds()).Run();
            _commit.Run();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Dispose()
    {
        if (_database.LogPages >= LongestLog) StartLogAnew();
        _begin.Dispose();
        _commit.Dispose();
        _addEvent.Dispose();
        _isOurs.Dispose();
        _json.Dispose();
        _log?.Dispose();
        _database.Dispose();
    }

    private void Add(RunEvent happened, StepTimings? timings)
    {
        if (happened.Sequence != _sequence + 1) throw new InvalidOperationException($"event {happened.Sequence} of {_run} follows event {_sequence}");
        if (happened is RunStarted started) AddRun(started);
        if (_key == 0) throw new InvalidOperationException($"{_run} does not begin with its start");

        var json = _json.Write(happened);
        _checksum = EventChecksum.Next(_checksum, json);
        _sequence = happened.Sequence;
        _addEvent.Bind(1, _key).Bind(2, _sequence).BindText(3, json).Bind(4, _checksum).Run();

        timings?.Take(happened);
        if (happened is RunEnded ended) EndRun(ended, timings);
        else if (happened is RunPaused) Pause(happened.At);
        else if (happened is RunResumed) GoOn(happened.At);
    }

    private void CheckFence()
    {
        var ours = _isOurs.Bind(1, _key).Bind(2, _fence).Step();
        _isOurs.Reset();
        if (!ours) throw new LeaseLostException(_run);
    }

    private void Forget(long request)
    {
        using var delete = _database.Prepare("DELETE FROM requests WHERE key = ?1"u8);
        delete.Bind(1, request).Run();
    }

    private void Pause(DateTimeOffset at)
    {
        using var update = _database.Prepare("UPDATE runs SET status = 'paused', alive_at = ?2, events = ?3, checksum = ?4 WHERE key = ?1"u8);
        update.Bind(1, _key).Bind(2, at.ToUnixTimeMilliseconds()).Bind(3, _sequence).Bind(4, _checksum).Run();
    }

    private void GoOn(DateTimeOffset at)
    {
        using var update = _database.Prepare("UPDATE runs SET status = 'running', alive_at = ?2, events = NULL, checksum = NULL WHERE key = ?1"u8);
        update.Bind(1, _key).Bind(2, at.ToUnixTimeMilliseconds()).Run();
    }

    private void AddRun(RunStarted started)
    {
        var (plan, sha256) = AddPlan(_database, _plan());
        using var add = _database.Prepare(
            """
            INSERT INTO runs (id, command, status, started_at, directory, graph_hash, owner, plan, plan_sha256, alive_at, imported_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?4, ?10)
            """u8);
        add.Bind(1, _run.Text)
            .Bind(2, started.Command)
            .Bind(3, StatusText.Of(RunStatus.Running))
            .Bind(4, started.At.ToUnixTimeMilliseconds())
            .Bind(5, started.Directory)
            .Bind(6, started.GraphHash)
            .Bind(7, (_importedAt is null ? RunOwner.Current() : RunOwner.Nobody()).ToString())
            .Bind(8, plan)
            .Bind(9, sha256);
        if (_importedAt is { } imported) add.Bind(10, imported.ToUnixTimeMilliseconds());
        add.Run();
        _key = _database.LastInsertedRow;
    }

    /// <summary>The key and checksum of a plan, which is held once however often it runs.</summary>
    internal static (long Key, string Sha256) AddPlan(SqliteDatabase database, byte[] content)
    {
        var sha256 = Sha256.Hex(content);
        using var find = database.Prepare("SELECT key FROM plans WHERE sha256 = ?1"u8);
        if (find.Bind(1, sha256).Step())
        {
            var known = find.Integer(0);
            find.Reset();
            return (known, sha256);
        }

        using var add = database.Prepare("INSERT INTO plans (sha256, content) VALUES (?1, ?2)"u8);
        add.Bind(1, sha256).BindBlob(2, content).Run();
        return (database.LastInsertedRow, sha256);
    }

    private void EndRun(RunEnded ended, StepTimings? timings)
    {
        using var end = _database.Prepare(
            "UPDATE runs SET status = ?2, ended_at = ?3, exit_code = ?4, events = ?5, checksum = ?6 WHERE key = ?1"u8);
        end.Bind(1, _key)
            .Bind(2, StatusText.Of(RunState.StatusOf(ended.Outcome)))
            .Bind(3, ended.At.ToUnixTimeMilliseconds())
            .Bind(4, ended.ExitCode)
            .Bind(5, _sequence)
            .Bind(6, _checksum)
            .Run();
        timings?.Store(_database);
    }

    /// <summary>Writes something, so that the log begins from its start.</summary>
    /// <remarks>
    /// That the log has been copied is known only while a process has the store open. The next one takes all of it for new, so if each run
    /// only adds its few pages and copies them, the log grows for ever.
    /// </remarks>
    private void StartLogAnew()
    {
        try
        {
            _database.CopyLog();

            // The copy is durable; what is lost of this write by a power cut is the old log, which says the same.
            _database.Execute("PRAGMA synchronous = OFF; PRAGMA application_id = 0x4c6f636b\0"u8);
        }
        catch (SqliteException)
        {
            // Another process is writing, which begins the log anew as well.
        }
    }

    private void Rollback()
    {
        try
        {
            _database.Execute("ROLLBACK\0"u8);
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }
}
