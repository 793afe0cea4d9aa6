using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Sqlite;

/// <summary>What a flushed event outlives; a synced one outlives a power cut in any case.</summary>
public enum Durability
{
    /// <summary>The death of the process; a power cut may take the events of the last tenth of a second, and never leaves a damaged store. The default.</summary>
    /// <remarks>A power cut takes as well what steps wrote and the kernel still held, so the steps whose end is lost are those that have to run again.</remarks>
    Normal,

    /// <summary>A power cut: each flush waits for the disk.</summary>
    Full,
}

/// <summary>A run's journal in the embedded store: events in SQLite, output in files beside it.</summary>
/// <remarks>
/// The store opens on a thread of its own while the first step runs, and events wait until it is open. From then on all flushes asked for in
/// one turn of the caller's synchronization context share one commit, made right there: a commit takes less time than to wake another thread.
/// </remarks>
public sealed class SqliteRunJournal : IRunJournal
{
    /// <summary>How long the first events wait for a flush to share its commit with: a short run then has only one.</summary>
    private static readonly TimeSpan _company = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a committed event may be on its way to the disk.</summary>
    private static readonly TimeSpan _longestUnsynced = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly string _folder;
    private readonly RunId _run;
    private readonly Func<byte[]> _plan;
    private readonly Durability _durability;
    private readonly StepLogs _logs;
    private readonly List<RunEvent> _pending = [];
    private TaskCompletionSource? _flush;
    private RunWriter? _writer;
    private bool _openingStarted;
    private bool _opening = true;
    private bool _syncAsked;
    private bool _unsynced;
    private bool _closed;

    private SqliteRunJournal(string folder, RunId run, Func<byte[]> plan, Durability durability)
    {
        _folder = folder;
        _run = run;
        _plan = plan;
        _durability = durability;
        _logs = new StepLogs(StoreFolder.Logs(folder, run));
    }

    /// <inheritdoc/>
    public string? Lost { get; private set; }

    /// <summary>A journal for a new run. Returns at once; whatever is wrong with the store shows in <see cref="Lost"/>.</summary>
    /// <param name="folder">The absolute folder of the store; made, for its owner alone, when it is not there.</param>
    /// <param name="run">The run.</param>
    /// <param name="plan">Gives the plan's bytes; called once, on another thread.</param>
    /// <param name="durability">What flushed events outlive.</param>
    public static SqliteRunJournal Begin(string folder, RunId run, Func<byte[]> plan, Durability durability = Durability.Normal)
    {
        var journal = new SqliteRunJournal(folder, run, plan, durability);

        // Starting a thread takes time too: where there is a loop, it does that when it has nothing left but to wait for the first step.
        if (SynchronizationContext.Current is { } context) context.Post(static state => ((SqliteRunJournal)state!).StartOpening(), journal);
        else journal.StartOpening();
        return journal;
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
            if (_pending.Count == 0 && !(sync && _unsynced)) return _flush is null ? ValueTask.CompletedTask : new(_flush.Task);
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

        new Thread(static state => ((SqliteRunJournal)state!).Open(), maxStackSize: 512 * 1024) { IsBackground = true }.UnsafeStart(this);
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
        KeepSynced();
    }

    /// <summary>Sends to the disk what nobody asked to have there, soon and many commits at once.</summary>
    private void KeepSynced()
    {
        while (true)
        {
            RunWriter writer;
            lock (_gate)
            {
                while (!_unsynced && !_closed && _writer is not null) Monitor.Wait(_gate);
                if (!_closed && _writer is not null) Monitor.Wait(_gate, _longestUnsynced);
                if (_closed || _writer is null) return;
                if (!_unsynced) continue;
                _unsynced = false;
                writer = _writer;
            }

            try
            {
                writer.Sync();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (Exception problem)
            {
                lock (_gate) Lose(problem);
            }
        }
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

    private TaskCompletionSource? TakeFlush()
    {
        var flush = _flush;
        _flush = null;
        return flush;
    }

    private void Commit()
    {
        var sync = _syncAsked;
        _syncAsked = false;
        if (_writer is null) return;
        try
        {
            if (_pending.Count > 0)
            {
                _writer.Store(_pending);
                _pending.Clear();
                Unsynced();
            }

            if (!sync || !_unsynced) return;
            _unsynced = false;
            _writer.Sync();
        }
        catch (Exception problem)
        {
            // Whatever it is, a mistake of ours included, the run is worth more than its history.
            Lose(problem);
        }
    }

    private void Unsynced()
    {
        if (_unsynced || _durability == Durability.Full) return;
        _unsynced = true;
        Monitor.PulseAll(_gate);
    }

    private void Lose(Exception problem)
    {
        Lost ??= $"this run's history is not kept: {StoreProblem.Sentence(_folder, problem)}";
        _pending.Clear();
        _writer?.Dispose();
        _writer = null;
    }
}
