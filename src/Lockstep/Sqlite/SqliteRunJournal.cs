using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Leases;
using Lockstep.Sqlite.Logs;

namespace Lockstep.Sqlite;

/// <summary>A run's journal in the embedded store: events in SQLite, output in files beside it.</summary>
/// <remarks>
/// The store opens on a thread of its own while the first step runs, and events wait until it is open. From then on all flushes asked for in
/// one turn of the caller's synchronization context share one commit, made right there: a commit takes less time than to wake another thread.
/// </remarks>
public sealed partial class SqliteRunJournal : IRunJournal
{
    /// <summary>How long the first events wait for a flush to share its commit with: a short run then has only one.</summary>
    private static readonly TimeSpan _company = TimeSpan.FromMilliseconds(20);

    /// <summary>How often what nobody flushed is committed, commits are sent to the disk and requests are looked for.</summary>
    private static readonly TimeSpan Attendance = TimeSpan.FromMilliseconds(100);

    /// <summary>How often an executor says that it lives; a fifth of <see cref="Takeover.Lease"/>.</summary>
    private static readonly TimeSpan _signOfLife = TimeSpan.FromSeconds(3);

    private readonly object _gate = new();
    private readonly string _folder;
    private readonly RunId _run;
    private readonly Func<byte[]> _plan;
    private readonly Durability _durability;
    private readonly TimeProvider _clock;
    private readonly Action<ControlRequest>? _asked;
    private readonly StepLogs _logs;
    private readonly StoreWaits _waits;
    private readonly StorePool? _pool;
    private List<RunEvent> _pending = [];
    private List<RunEvent> _batch = [];
    private TaskCompletionSource? _flush;
    private RunWriter? _writer;
    private bool _openingStarted;
    private bool _opening = true;
    private bool _syncAsked;

    /// <summary>How many events were taken, how many of them are in the store, and how many of those outlive a power cut.</summary>
    private long _appended;
    private long _committed;
    private long _onDisk;
    private long _said;
    private Timer? _attendance;
    private IEnumerable<string> _receivers = [];
    private bool _closed;

    /// <summary>Whether a thread uses the writer, which it does without the gate: a slow commit holds up nobody who appends.</summary>
    private bool _writing;
    private bool _handedOver;
    private bool _writerAwaited;
    private long? _lockedSince;
    private long? _endedAt;
    private long _waitingSize;
    private long _proved;

    private SqliteRunJournal(
        string folder, RunId run, Func<byte[]> plan, Durability durability, TimeProvider clock, Action<ControlRequest>? asked, StoreWaits? waits = null, StorePool? pool = null)
    {
        _waits = waits ?? StoreWaits.Default;
        _pool = pool;
        _proved = clock.GetTimestamp();
        _folder = folder;
        _run = run;
        _plan = plan;
        _durability = durability;
        _clock = clock;
        _asked = asked;
        _logs = new StepLogs(StoreFolder.Logs(folder, run));
    }

    /// <inheritdoc/>
    public string? Lost { get; private set; }

    /// <inheritdoc/>
    public string? Behind { get; private set; }

    /// <summary>Told on another thread, once each time, that events begin to wait in memory, and why; set before its first event.</summary>
    internal Action<string>? OnBehind { get; set; }

    /// <summary>Whether what it stores is sent to the disk together with what other runs do, within a moment after the run's end and not before it.</summary>
    internal bool IsPooled => _pool is not null;

    /// <summary>What was wrong when runs before were sent to the disk together, said once.</summary>
    internal string? TakePoolProblem() => _pool?.TakeProblem();

    /// <summary>How long its steps take, to be kept when the run ends; set before its first event, null where nothing is to be kept.</summary>
    internal StepTimings? Timings { get; set; }

    /// <inheritdoc/>
    public bool TakenOver { get; private set; }

    /// <summary>Who is told of the events of a new run, entered with its first; set before that.</summary>
    internal IEnumerable<string> Receivers
    {
        set
        {
            lock (_gate)
            {
                _receivers = value;
                if (_writer is { } writer) writer.Receivers = value;
            }
        }
    }

    /// <summary>A journal for a new run. Returns at once; whatever is wrong with the store shows in <see cref="Lost"/>.</summary>
    /// <param name="folder">The absolute folder of the store; made, for its owner alone, when it is not there.</param>
    /// <param name="run">The run.</param>
    /// <param name="plan">Gives the plan's bytes; called once, on another thread.</param>
    /// <param name="durability">What flushed events outlive.</param>
    /// <param name="clock">The clock of this process's signs of life; null for the system's.</param>
    /// <param name="asked">Told, on another thread and within a quarter of a second, what other processes ask of the run, and that one has taken it over.</param>
    public static SqliteRunJournal Begin(
        string folder, RunId run, Func<byte[]> plan, Durability durability = Durability.Normal, TimeProvider? clock = null, Action<ControlRequest>? asked = null)
        => Begin(folder, run, plan, durability, clock, asked, StoreWaits.Default);

    /// <summary>The same, with other times to wait for a store that is locked.</summary>
    internal static SqliteRunJournal Begin(
        string folder, RunId run, Func<byte[]> plan, Durability durability, TimeProvider? clock, Action<ControlRequest>? asked, StoreWaits waits)
    {
        var journal = new SqliteRunJournal(folder, run, plan, durability, clock ?? TimeProvider.System, asked, waits);
        journal.OpenBeside();
        return journal;
    }

    /// <summary>A journal for a new run over a connection of a program that executes many; what is asked of the run, and all else, is as in <see cref="Begin(string, RunId, Func{byte[]}, Durability, TimeProvider?, Action{ControlRequest}?)"/>.</summary>
    public static SqliteRunJournal Begin(StorePool pool, RunId run, Func<byte[]> plan, TimeProvider? clock = null, Action<ControlRequest>? asked = null)
        => Begin(pool, run, plan, clock, asked, StoreWaits.Default);

    /// <summary>The same, with other times to wait for a store that is locked.</summary>
    internal static SqliteRunJournal Begin(StorePool pool, RunId run, Func<byte[]> plan, TimeProvider? clock, Action<ControlRequest>? asked, StoreWaits waits)
    {
        var journal = new SqliteRunJournal(pool.Folder, run, plan, pool.Durability, clock ?? TimeProvider.System, asked, waits, pool);
        if (pool.RentIdle() is { } connection) journal.Opened(RunWriter.Over(connection, pool, run, plan));
        else journal.OpenBeside();
        return journal;
    }

    /// <summary>Takes a run over that has not ended and that nobody executes, to go on with it.</summary>
    /// <param name="folder">The absolute folder of the store.</param>
    /// <param name="run">The run.</param>
    /// <param name="before">What <see cref="History.Events"/> gave of it: what is damaged must stay as it is, with all that tells of the damage, and so is found before the run is taken.</param>
    /// <param name="version">This program's, for the event that tells of it.</param>
    /// <param name="durability">What flushed events outlive.</param>
    /// <param name="clock">The clock of this process's signs of life; null for the system's.</param>
    /// <param name="asked">Told, on another thread and within a quarter of a second, what other processes ask of the run, and that one has taken it over.</param>
    /// <exception cref="RunHasEndedException">There is nothing left to execute.</exception>
    /// <exception cref="RunIsHeldException">Another process executes it.</exception>
    /// <exception cref="JournalException">There is no such run, or the store or what it holds of the run can't be used.</exception>
    public static Resumption Resume(
        string folder, RunId run, IReadOnlyList<RunEvent> before, string version, Durability durability = Durability.Normal, TimeProvider? clock = null,
        Action<ControlRequest>? asked = null)
    {
        var journal = new SqliteRunJournal(folder, run, () => [], durability, clock ?? TimeProvider.System, asked);
        return History.Ask(folder, () =>
        {
            var taken = journal.GoOn(() =>
            {
                while (true)
                {
                    if (Takeover.Of(folder, run, before, version, journal._clock.GetUtcNow()) is { } taken) return taken;
                    before = EventsOf(folder, run);
                }
            });
            return new Resumption(journal, before, (RunResumed)taken.Start);
        });
    }

    private static IReadOnlyList<RunEvent> EventsOf(string folder, RunId run)
    {
        using var history = History.Open(folder);
        return history.Events(run);
    }

    /// <summary>Begins a new run with a copy of another's events, up to one of them, and of what the steps that had ended by then printed.</summary>
    /// <returns>The journal, and what began the run, which is in it: numbered and dated, to be shown and not to be appended.</returns>
    /// <exception cref="JournalException">There is no such run, or the store or what it holds of the run can't be used.</exception>
    internal static (SqliteRunJournal Journal, RunForked Start) Begin(string folder, RunId run, ForkedRun fork, Durability durability, TimeProvider clock, Action<ControlRequest>? asked)
    {
        var journal = new SqliteRunJournal(folder, run, () => [], durability, clock, asked);
        return History.Ask(folder, () =>
        {
            return (journal, (RunForked)journal.GoOn(() => fork.Write(folder, run, clock.GetUtcNow())).Start);
        });
    }

    private Takeover GoOn(Func<Takeover> takeOver)
    {
        Takeover taken = null!;
        _writer = RunWriter.Continue(_folder, _run, _durability, () => taken = takeOver());
        _appended = _committed = 1;
        foreach (var request in _writer.NewRequests()) _asked?.Invoke(request);
        _opening = false;
        StartAttending(Attend);
        return taken;
    }

    /// <inheritdoc/>
    public void Append(RunEvent happened)
    {
        lock (_gate)
        {
            if (Lost is not null || _closed) return;
            _pending.Add(happened);
            _appended++;
            if (happened is RunEnded or RunPaused) _endedAt = _clock.GetTimestamp();
            if (Behind is not null && (_waitingSize += SizeOf(happened)) > _waits.MostInMemory) LoseBehind();
        }

        if (happened is StepEnded ended) _logs.Close(ended.Step, ended.Attempt);
    }

    /// <inheritdoc/>
    public ValueTask Flush() => Flush(sync: false);

    /// <inheritdoc/>
    public async ValueTask<string?> Sync()
    {
        long last;
        lock (_gate) last = _appended;
        while (true)
        {
            await Flush(sync: true);

            // Whether the journal is behind now tells nothing of the moment at which it was asked.
            lock (_gate)
            {
                if (_onDisk >= last) return null;
                if ((Lost ?? Behind ?? (_closed ? "its journal is closed" : null)) is { } why) return why;
            }
        }
    }

    private ValueTask Flush(bool sync)
    {
        SynchronizationContext? context;
        Task flushed;
        lock (_gate)
        {
            var nothingNew = _pending.Count == 0 && _batch.Count == 0 && !(sync && _onDisk < _committed);
            if (nothingNew || IsBehindOnTheWay) return _flush is null ? ValueTask.CompletedTask : new(_flush.Task);
            _syncAsked |= sync;
            if (_flush is not null) return new(_flush.Task);
            context = SynchronizationContext.Current;
            var handedOver = _opening || _writing;
            _flush = handedOver || context is null ? new(TaskCreationOptions.RunContinuationsAsynchronously) : new();
            flushed = _flush.Task;
            if (handedOver)
            {
                if (_opening) StartOpening();
                HandOver();
                return new(flushed);
            }
        }

        if (context is null) CommitFlush();
        else context.Post(static state => ((SqliteRunJournal)state!).CommitFlush(), this);
        return new(flushed);
    }

    /// <inheritdoc/>
    public void Acknowledge(ControlRequest request)
    {
        lock (_gate) _writer?.Acknowledge(request.Key);
    }

    /// <inheritdoc/>
    public void AppendOutput(StepId step, string attempt, ReadOnlySpan<byte> bytes)
    {
        if (Lost is not null || _closed || !MayStillWrite()) return;
        try
        {
            _logs.Append(step, attempt, bytes);
        }
        catch (Exception problem) when (StoreProblem.IsOf(problem))
        {
            lock (_gate) Lose(problem);
            Release();
            _logs.Dispose();
        }
    }

    /// <summary>Makes durable what is not yet, and closes the store.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed) return ValueTask.CompletedTask;
            _closed = true;
            _endedAt ??= _clock.GetTimestamp();
            _attendance?.Dispose();
            StartOpening();
            Monitor.PulseAll(_gate);
            while (_opening) Monitor.Wait(_gate);
            _syncAsked = !IsPooled;
        }

        while (true)
        {
            lock (_gate)
            {
                while (_writing) Monitor.Wait(_gate);
                if (_writer is null || (_pending.Count == 0 && !_syncAsked)) break;
            }

            Commit(StoreWaits.Attempt);
        }

        lock (_gate)
        {
            _writer?.Dispose();
            _writer = null;
        }

        Release();
        _logs.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starting a thread takes time too: where there is a loop, it does that when it has nothing left but to wait for the first step.</summary>
    private void OpenBeside()
    {
        if (SynchronizationContext.Current is { } context) context.Post(static state => ((SqliteRunJournal)state!).StartOpening(), this);
        else StartOpening();
    }

    private void StartOpening()
    {
        lock (_gate)
        {
            if (_openingStarted) return;
            _openingStarted = true;
        }

        StartAttending(Open);
    }

    private void StartAttending(Action work)
    {
        _openingStarted = true;
        new Thread(static state => ((Action)state!)(), maxStackSize: 512 * 1024) { IsBackground = true }.UnsafeStart(work);
    }
}
