using System.Runtime.InteropServices;
using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Deliveries;
using Lockstep.Sqlite.Leases;

namespace Lockstep.Sqlite;

/// <summary>Writes one run's events, a batch in one transaction each. Used by one thread at a time.</summary>
internal sealed class RunWriter : IDisposable
{
    private readonly StoreConnection _store;
    private readonly Action<StoreConnection> _release;
    private readonly List<long> _acknowledged = [];
    private readonly HashSet<long> _passedOn = [];
    private readonly RunId _run;
    private readonly Func<byte[]> _plan;
    private uint _checksum;
    private long _sequence;
    private long _key;
    private long _fence = 1;
    private DateTimeOffset? _importedAt;
    private TimeSpan? _waits;

    private RunWriter(StoreConnection store, Action<StoreConnection> release, RunId run, Func<byte[]> plan)
    {
        _store = store;
        _release = release;
        _run = run;
        _plan = plan;
        _checksum = EventChecksum.Begin(run);
    }

    /// <summary>Who is told of the events of a new run, entered with its first.</summary>
    public IEnumerable<string> Receivers { private get; set; } = [];

    public static RunWriter Open(string folder, RunId run, Func<byte[]> plan, Durability durability, TimeSpan? wait = null)
        => new(StoreConnection.Open(folder, durability, wait), static store => store.Dispose(), run, plan);

    /// <summary>Opens a connection that goes to the pool when the run ends.</summary>
    public static RunWriter Open(StorePool pool, RunId run, Func<byte[]> plan, TimeSpan wait)
        => Over(pool.Open(wait), pool, run, plan);

    /// <summary>Writes over a connection of the pool.</summary>
    public static RunWriter Over(StoreConnection connection, StorePool pool, RunId run, Func<byte[]> plan) => new(connection, pool.Return, run, plan);

    /// <summary>Goes on writing a run that the process takes over, once all is ready for it.</summary>
    public static RunWriter Continue(string folder, RunId run, Durability durability, Func<Takeover> takeOver)
    {
        var writer = Open(folder, run, () => throw new InvalidOperationException("a run that goes on has its plan"), durability);
        try
        {
            var taken = takeOver();
            writer._key = taken.Key;
            writer._fence = taken.Fence;
            writer._sequence = taken.Start.Sequence;
            writer._checksum = taken.Checksum;
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Writes a run that another store has kept, all of it or nothing.</summary>
    public static void Import(string folder, RunId run, byte[] plan, List<RunEvent> events, DateTimeOffset now)
    {
        using var writer = Open(folder, run, () => plan, Durability.Full);
        writer._importedAt = now;
        if (!writer.Store(events)) throw new SqliteException(SqliteException.Busy, "database is locked");
    }

    /// <summary>Makes the events durable: all of them, or none and an exception.</summary>
    /// <param name="events">The events.</param>
    /// <param name="timings">How long steps take, which is stored with the run's end; null for nothing.</param>
    /// <returns>False, with nothing done, when another process holds the store's lock for longer than is waited.</returns>
    public bool Store(List<RunEvent> events, StepTimings? timings = null) => _store.Transact((Writer: this, Events: events, Timings: timings), static all =>
    {
        var (writer, events, timings) = all;
        if (writer._key != 0) writer.CheckFence();
        foreach (var happened in CollectionsMarshal.AsSpan(events)) writer.Add(happened, timings);
        lock (writer._acknowledged)
        {
            foreach (var request in writer._acknowledged) writer.Forget(request);
            writer._acknowledged.Clear();
        }
    });

    /// <summary>How long to wait from now on for the store's lock.</summary>
    public void WaitFor(TimeSpan lockTimeout)
    {
        if (lockTimeout == _waits) return;
        _store.Database.WaitFor(lockTimeout);
        _waits = lockTimeout;
    }

    /// <summary>Whether the run is still this process's to write; it may not be when the process has not said for long that it lives.</summary>
    public bool IsOurs()
    {
        if (_key == 0) return true;
        var ours = _store.IsOurs.Bind(1, _key).Bind(2, _fence).Step();
        _store.IsOurs.Reset();
        return ours;
    }

    /// <summary>Makes what is stored outlive a power cut. From any thread.</summary>
    public void Sync() => _store.Sync();

    /// <summary>Forgets a request in the next transaction. From any thread.</summary>
    public void Acknowledge(long request)
    {
        lock (_acknowledged) _acknowledged.Add(request);
    }

    /// <summary>What was asked of the run since the last call. What only a newer release understands is left for it.</summary>
    public List<ControlRequest> NewRequests()
    {
        var requests = new List<ControlRequest>();
        if (_key == 0) return requests;
        using var select = _store.Database.Prepare("SELECT key, json FROM requests WHERE run = ?1 ORDER BY key"u8);
        select.Bind(1, _key);
        while (select.Step())
        {
            // A key is used again when its row is gone, so it does not tell what is new.
            var key = select.Integer(0);
            if (!_passedOn.Add(key)) continue;
            try
            {
                requests.Add(ControlRequest.Read(select.Bytes(1), key));
            }
            catch (JournalException)
            {
            }
        }

        return requests;
    }

    /// <summary>Says that this process lives and executes the run.</summary>
    /// <exception cref="LeaseLostException">Another process has taken the run over.</exception>
    /// <returns>False when another process holds the store's lock for longer than is waited.</returns>
    public bool Renew(DateTimeOffset now)
    {
        if (_key == 0) return true;
        return _store.Transact((Writer: this, Now: now), static all =>
        {
            var (writer, now) = all;
            writer.CheckFence();
            using var renew = writer._store.Database.Prepare("UPDATE runs SET alive_at = ?2 WHERE key = ?1"u8);
            renew.Bind(1, writer._key).Bind(2, now.ToUnixTimeMilliseconds()).Run();
        });
    }

    public void Dispose()
    {
        WaitFor(StoreConnection.BusyTimeout);
        _release(_store);
    }

    private void Add(RunEvent happened, StepTimings? timings)
    {
        if (happened.Sequence != _sequence + 1) throw new InvalidOperationException($"event {happened.Sequence} of {_run} follows event {_sequence}");
        if (happened is RunStarted started) AddRun(started);
        if (_key == 0) throw new InvalidOperationException($"{_run} does not begin with its start");

        var json = _store.Json.Write(happened);
        _checksum = EventChecksum.Next(_checksum, json);
        _sequence = happened.Sequence;
        _store.AddEvent.Bind(1, _key).Bind(2, _sequence).BindText(3, json).Bind(4, _checksum).Run();

        timings?.Take(happened);
        if (happened is RunEnded ended) EndRun(ended, timings);
        else if (happened is RunPaused) Pause(happened.At);
        else if (happened is RunResumed) GoOn(happened.At);
    }

    private void CheckFence()
    {
        if (!IsOurs()) throw new LeaseLostException(_run);
    }

    private void Forget(long request)
    {
        using var delete = _store.Database.Prepare("DELETE FROM requests WHERE key = ?1"u8);
        delete.Bind(1, request).Run();
        _passedOn.Remove(request);
    }

    private void Pause(DateTimeOffset at)
    {
        using var update = _store.Database.Prepare("UPDATE runs SET status = 'paused', alive_at = ?2, events = ?3, checksum = ?4 WHERE key = ?1"u8);
        update.Bind(1, _key).Bind(2, at.ToUnixTimeMilliseconds()).Bind(3, _sequence).Bind(4, _checksum).Run();
    }

    private void GoOn(DateTimeOffset at)
    {
        using var update = _store.Database.Prepare("UPDATE runs SET status = 'running', alive_at = ?2, events = NULL, checksum = NULL WHERE key = ?1"u8);
        update.Bind(1, _key).Bind(2, at.ToUnixTimeMilliseconds()).Run();
    }

    private void AddRun(RunStarted started)
    {
        var (plan, sha256) = _store.PlanOf(_plan());
        using var add = _store.Database.Prepare(
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
            .Bind(7, _importedAt is null ? _store.Owner : RunOwner.Nobody().ToString())
            .Bind(8, plan)
            .Bind(9, sha256);
        if (_importedAt is { } imported) add.Bind(10, imported.ToUnixTimeMilliseconds());
        add.Run();
        _key = _store.Database.LastInsertedRow;
        DeliveryQueue.Enter(_store.Database, _key, Receivers);
    }

    private void EndRun(RunEnded ended, StepTimings? timings)
    {
        using var end = _store.Database.Prepare(
            "UPDATE runs SET status = ?2, ended_at = ?3, exit_code = ?4, events = ?5, checksum = ?6 WHERE key = ?1"u8);
        end.Bind(1, _key)
            .Bind(2, StatusText.Of(RunState.StatusOf(ended.Outcome)))
            .Bind(3, ended.At.ToUnixTimeMilliseconds())
            .Bind(4, ended.ExitCode)
            .Bind(5, _sequence)
            .Bind(6, _checksum)
            .Run();
        timings?.Store(_store.Database);
    }
}
