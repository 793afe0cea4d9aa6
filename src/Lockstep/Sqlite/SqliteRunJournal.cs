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
    private readonly List<RunEvent> _pending = [];
    private TaskCompletionSource? _flush;
    private RunWriter? _writer;
    private bool _openingStarted;
    private bool _opening = true;
    private bool _syncAsked;
    private long _committed;
    private long _onDisk;
    private long _said;
    private Timer? _attendance;
    private IEnumerable<string> _receivers = [];
    private bool _closed;

    private SqliteRunJournal(string folder, RunId run, Func<byte[]> plan, Durability durability, TimeProvider clock, Action<ControlRequest>? asked)
    {
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
    {
        var journal = new SqliteRunJournal(folder, run, plan, durability, clock ?? TimeProvider.System, asked);

        // Starting a thread takes time too: where there is a loop, it does that when it has nothing left but to wait for the first step.
        if (SynchronizationContext.Current is { } context) context.Post(static state => ((SqliteRunJournal)state!).StartOpening(), journal);
        else journal.StartOpening();
        return journal;
    }

    /// <summary>A journal for a new run over a connection of a program that executes many; what is asked of the run, and all else, is as in <see cref="Begin(string, RunId, Func{byte[]}, Durability, TimeProvider?, Action{ControlRequest}?)"/>.</summary>
    public static SqliteRunJournal Begin(StorePool pool, RunId run, Func<byte[]> plan, TimeProvider? clock = null, Action<ControlRequest>? asked = null)
    {
        var journal = new SqliteRunJournal(pool.Folder, run, plan, pool.Durability, clock ?? TimeProvider.System, asked) { _opening = false, _openingStarted = true };
        try
        {
            journal._writer = RunWriter.Open(pool, run, plan);
            journal._said = journal._clock.GetTimestamp();
            journal._attendance = new Timer(static state => ((SqliteRunJournal)state!).AttendOnce(), journal, Attendance, Attendance);
        }
        catch (Exception problem)
        {
            journal.Lose(problem);
        }

        return journal;
    }

    /// <summary>Takes a run over that has not ended and that nobody executes, to go on with it.</summary>
    /// <exception cref="RunHasEndedException">There is nothing left to execute.</exception>
    /// <exception cref="RunIsHeldException">Another process executes it.</exception>
    /// <exception cref="JournalException">There is no such run, or the store or what it holds of the run can't be used.</exception>
    public static Resumption Resume(
        string folder, RunId run, Durability durability = Durability.Normal, TimeProvider? clock = null, Action<ControlRequest>? asked = null)
    {
        var journal = new SqliteRunJournal(folder, run, () => [], durability, clock ?? TimeProvider.System, asked);
        return History.Ask(folder, () =>
        {
            // Before it is taken: what is damaged stays as it is, with all that tells of the damage.
            using var history = History.Open(folder);
            var events = history.Events(run);
            var plan = history.Plan(run);
            var taken = Takeover.Of(folder, run, journal._clock.GetUtcNow());
            if (taken.Sequence != events[^1].Sequence) events = history.Events(run);
            journal.GoOn(taken);
            var alive = events[^1].At > taken.AliveUntil ? events[^1].At : taken.AliveUntil;
            return new Resumption(journal, events, plan, taken.Reason, alive);
        });
    }

    /// <summary>Begins a new run with a copy of another's events, up to one of them, and of what the steps that had ended by then printed.</summary>
    /// <exception cref="JournalException">There is no such run, or the store or what it holds of the run can't be used.</exception>
    internal static SqliteRunJournal Begin(string folder, RunId run, ForkedRun fork, Durability durability, TimeProvider clock, Action<ControlRequest>? asked)
    {
        var journal = new SqliteRunJournal(folder, run, () => [], durability, clock, asked);
        return History.Ask(folder, () =>
        {
            journal.GoOn(fork.Write(folder, run, clock.GetUtcNow()));
            return journal;
        });
    }

    private void GoOn(Takeover taken)
    {
        _writer = RunWriter.Continue(_folder, taken, _durability);
        PassOn(_writer.NewRequests());
        _opening = false;
        StartAttending(Attend);
    }

    /// <inheritdoc/>
    public void Append(RunEvent happened)
    {
        lock (_gate)
        {
            if (Lost is not null || _closed) return;
            _pending.Add(happened);
        }

        if (happened is StepEnded ended) _logs.Close(ended.Step, ended.Attempt);
    }

    /// <inheritdoc/>
    public ValueTask Flush() => Flush(sync: false);

    /// <inheritdoc/>
    public ValueTask Sync() => Flush(sync: true);

    private ValueTask Flush(bool sync)
    {
        SynchronizationContext? context;
        Task flushed;
        lock (_gate)
        {
            if (_pending.Count == 0 && !(sync && _onDisk < _committed)) return _flush is null ? ValueTask.CompletedTask : new(_flush.Task);
            _syncAsked |= sync;
            if (_flush is not null) return new(_flush.Task);
            if (_opening)
            {
                StartOpening();
                _flush = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Monitor.PulseAll(_gate);
                return new(_flush.Task);
            }

            context = SynchronizationContext.Current;
            if (context is null)
            {
                Commit();
                return ValueTask.CompletedTask;
            }

            _flush = new();
            flushed = _flush.Task;
        }

        context.Post(static state => ((SqliteRunJournal)state!).CommitFlush(), this);
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
        if (Lost is not null || _closed) return;
        try
        {
            _logs.Append(step, attempt, bytes);
        }
        catch (Exception problem) when (StoreProblem.IsOf(problem))
        {
            lock (_gate) Lose(problem);
            _logs.Dispose();
        }
    }

    /// <summary>Makes durable what is not yet, and closes the store.</summary>
    public ValueTask DisposeAsync()
    {
        TaskCompletionSource? flush;
        lock (_gate)
        {
            if (_closed) return ValueTask.CompletedTask;
            _closed = true;
            _attendance?.Dispose();
            StartOpening();
            Monitor.PulseAll(_gate);
            while (_opening) Monitor.Wait(_gate);
            _syncAsked = true;
            Commit();
            _writer?.Dispose();
            _writer = null;
            flush = TakeFlush();
        }

        flush?.SetResult();
        _logs.Dispose();
        return ValueTask.CompletedTask;
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

    private void Open()
    {
        TaskCompletionSource? flush;
        try
        {
            var writer = RunWriter.Open(_folder, _run, _plan, _durability);
            lock (_gate)
            {
                _writer = writer;
                writer.Receivers = _receivers;
                flush = EndOpening();
                if (flush is null && !_closed) Monitor.Wait(_gate, _company);
                if (!_closed) Commit();
            }
        }
        catch (Exception problem)
        {
            lock (_gate)
            {
                Lose(problem);
                flush = EndOpening();
            }
        }

        flush?.SetResult();
        Attend();
    }

    private TaskCompletionSource? EndOpening()
    {
        _opening = false;
        Monitor.PulseAll(_gate);
        return TakeFlush();
    }

    private void CommitFlush()
    {
        TaskCompletionSource? flush;
        lock (_gate)
        {
            Commit();
            flush = TakeFlush();
        }

        flush?.SetResult();
    }

    private TaskCompletionSource? TakeFlush() => Interlocked.Exchange(ref _flush, null);

    private void Commit()
    {
        var sync = _syncAsked;
        _syncAsked = false;
        if (_writer is null || (_pending.Count == 0 && !sync)) return;
        try
        {
            if (_pending.Count > 0)
            {
                _writer.Store(_pending, Timings);
                _pending.Clear();
                if (_durability != Durability.Full) _committed++;
            }

            if (!sync || _onDisk == _committed) return;
            _writer.Sync();
            _onDisk = _committed;
        }
        catch (Exception problem)
        {
            // Whatever it is, a mistake of ours included, the run is worth more than its history.
            Lose(problem);
        }
    }

    private void Lose(Exception problem)
    {
        Lost ??= problem is LeaseLostException
            ? $"{problem.Message}; what this process did since is not in its history"
            : $"this run's history is not kept: {StoreProblem.Sentence(_folder, problem)}";
        _pending.Clear();
        TakenOver |= problem is LeaseLostException;
        if (problem is LeaseLostException) _asked?.Invoke(new InterruptRequest("another process, which has taken the run over", AtOnce: true));
        _writer?.Dispose();
        _writer = null;
    }
}
