using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Leases;

namespace Lockstep.Sqlite;

/// <content>
/// How events get into the store, from the run's own thread as long as that takes no time, and what is done beside the run: opening, commits that have
/// to wait, sync, signs of life, requests.
/// </content>
public sealed partial class SqliteRunJournal
{
    /// <summary>Whether events wait in memory, and more of them may come: nobody waits for those.</summary>
    private bool IsBehindOnTheWay => Behind is not null && _endedAt is null;

    private void Open()
    {
        _lockedSince = _clock.GetTimestamp();
        while (!TryOpen()) { }
        lock (_gate)
            if (_writer is not null && _flush is null && !_closed) Monitor.Wait(_gate, _company);
        if (!_closed) Commit(StoreWaits.Attempt);
        if (_pool is null) Attend();
        else AttendByTimer();
    }

    /// <summary>Goes on over a connection that is open.</summary>
    private void Opened(RunWriter writer)
    {
        (_writer, _opening, _openingStarted) = (writer, false, true);
        AttendByTimer();
    }

    /// <summary>A program that executes many runs has no thread for each.</summary>
    private void AttendByTimer()
    {
        _said = _clock.GetTimestamp();
        lock (_gate)
            if (!_closed && _writer is not null) _attendance = new Timer(static state => ((SqliteRunJournal)state!).AttendOnce(), this, _handedOver ? TimeSpan.Zero : Attendance, Attendance);
    }

    /// <returns>Whether it is open, or lost.</returns>
    private bool TryOpen()
    {
        var settled = true;
        var locked = false;
        RunWriter? writer = null;
        Exception? problem = null;
        try
        {
            writer = _pool is null ? RunWriter.Open(_folder, _run, _plan, _durability, _waits.ToOpen) : RunWriter.Open(_pool, _run, _plan, _waits.ToOpen);
        }
        catch (SqliteException busy) when (busy.IsBusy)
        {
            locked = true;
        }
        catch (Exception other)
        {
            problem = other;
        }

        lock (_gate)
        {
            _writer = writer;
            writer?.Receivers = _receivers;
            if (problem is not null) Lose(problem);
            if (!locked) _lockedSince = null;
            else settled = !GoesOnWaiting();
            _opening = !settled;
            Monitor.PulseAll(_gate);
        }

        if (Lost is not null || IsBehindOnTheWay) Release();
        return settled;
    }

    private void CommitFlush() => Commit(StoreWaits.OnTheRunsThread);

    /// <summary>Commits what is pending and tells who waits for that. Where another thread writes, or the store is locked for longer, the attendant does so.</summary>
    private void Commit(TimeSpan patience)
    {
        RunWriter? writer = null;
        bool sync;
        lock (_gate)
        {
            if (_writing)
            {
                HandOver();
                return;
            }

            sync = _syncAsked;
            _syncAsked = false;
            if (_writer is not null && (_pending.Count > 0 || sync))
            {
                writer = _writer;
                (_pending, _batch) = (_batch, _pending);
                _writing = true;
            }
        }

        if (writer is not null) Write(writer, patience, sync);
        else Release();
    }

    private void Write(RunWriter writer, TimeSpan patience, bool sync)
    {
        var stored = true;
        Exception? problem = null;
        try
        {
            if (_batch.Count > 0)
            {
                writer.WaitFor(patience);
                stored = writer.Store(_batch, Timings);
                if (stored) _committed += _batch.Count;
                if (_durability == Durability.Full) _onDisk = _committed;
            }

            if (stored && sync && _onDisk != _committed)
            {
                writer.Sync();
                _onDisk = _committed;
            }
        }
        catch (Exception mistake)
        {
            // Whatever it is, a mistake of ours included, the run is worth more than its history.
            problem = mistake;
        }

        bool complete;
        lock (_gate)
        {
            if (stored)
            {
                Stored();
            }
            else
            {
                _batch.AddRange(_pending);
                _pending.Clear();
                (_pending, _batch) = (_batch, _pending);
                _syncAsked |= sync;
            }

            EndWriting(problem);
            if (!stored && Lost is null) GoesOnWaiting();
            complete = Lost is not null || IsBehindOnTheWay || (_pending.Count == 0 && !_syncAsked);
            if (!complete && _flush is not null) HandOver();
        }

        if (complete) Release();
    }

    private void Stored()
    {
        if (_batch.Count > 0) _proved = _clock.GetTimestamp();
        _batch.Clear();
        _lockedSince = null;
        _waitingSize = 0;
        Behind = null;
    }

    private void EndWriting(Exception? problem)
    {
        _writing = false;
        if (problem is not null) Lose(problem);
        else if (Lost is not null) Abandon();
        if (_closed || _writerAwaited) Monitor.PulseAll(_gate);
    }

    /// <summary>The store is locked: whether there is more time for it, and whether the run has waited long enough.</summary>
    private bool GoesOnWaiting()
    {
        _lockedSince ??= _clock.GetTimestamp();
        if (_endedAt is { } ended && _clock.GetElapsedTime(ended) >= _waits.AtTheEnd)
        {
            LoseBehind();
            return false;
        }

        if (Behind is not null || _clock.GetElapsedTime(_lockedSince.Value) < _waits.Patience) return true;
        Behind = $"{StoreFolder.Database(_folder)} is locked by another process, so this run's history waits in memory until it can be written; see which one uses it with 'fuser {StoreFolder.Database(_folder)}'";
        foreach (var waiting in _pending) _waitingSize += SizeOf(waiting);
        OnBehind?.Invoke(Behind);
        return true;
    }

    private void LoseBehind()
    {
        var path = StoreFolder.Database(_folder);
        var seconds = Math.Round(_clock.GetElapsedTime(_lockedSince ?? _clock.GetTimestamp()).TotalSeconds);
        Lost ??= $"this run's history is not kept to its end: {path} was locked by another process for {seconds} s; see which one uses it with 'fuser {path}'";
        Abandon();
    }

    private static long SizeOf(RunEvent happened) => 512 + (happened is StepEnded { Output: { } text } ? 2L * text.Length : 0);

    private void HandOver()
    {
        _handedOver = true;
        if (_attendance is { } timer && !_closed) timer.Change(TimeSpan.Zero, Attendance);
        else Monitor.PulseAll(_gate);
    }

    /// <summary>Nobody waits any longer.</summary>
    private void Release() => Interlocked.Exchange(ref _flush, null)?.SetResult();

    private void Lose(Exception problem)
    {
        Lost ??= problem is LeaseLostException
            ? $"{problem.Message}; what this process did since is not in its history"
            : $"this run's history is not kept: {StoreProblem.Sentence(_folder, problem)}";
        TakenOver |= problem is LeaseLostException;
        if (problem is LeaseLostException) _asked?.Invoke(new InterruptRequest("another process, which has taken the run over", AtOnce: true));
        Abandon();
    }

    private void Abandon()
    {
        _pending.Clear();
        Behind = null;

        // Whoever uses the writer closes it.
        if (_writing) return;
        _batch.Clear();
        _writer?.Dispose();
        _writer = null;
    }

    /// <summary>Commits and sends to the disk what nobody waited for, looks what is asked of the run, and says that this process lives, until the journal is closed.</summary>
    private void Attend()
    {
        _said = _clock.GetTimestamp();
        while (true)
        {
            Timings?.Prepare();
            lock (_gate)
                if (!_closed && _writer is not null && !_handedOver) Monitor.Wait(_gate, Attendance);
            if (!AttendOnce()) return;
        }
    }

    private bool AttendOnce()
    {
        lock (_gate)
        {
            _handedOver = false;
            if (_closed || _writer is null) return false;
        }

        // What nobody waits for, such as that a step has started, others want to see all the same.
        Commit(StoreWaits.Attempt);
        RunWriter? writer;
        long committed;
        bool sync;
        lock (_gate)
        {
            if (_closed || _writer is null) return false;
            if (_writing) return true;
            writer = _writer;
            committed = _committed;
            sync = _onDisk < committed;
            _writing = true;
        }

        var requests = Ask(writer);
        foreach (var request in requests) _asked?.Invoke(request);
        if (sync) Sync(writer, committed);
        return true;
    }

    /// <summary>Never for long, as a step may wait for its commit meanwhile; what the store's lock does not allow now is for the next time.</summary>
    private List<ControlRequest> Ask(RunWriter writer)
    {
        Exception? problem = null;
        List<ControlRequest> requests = [];
        try
        {
            writer.WaitFor(StoreWaits.OnTheRunsThread);
            if (_clock.GetElapsedTime(_said) > _signOfLife && writer.Renew(_clock.GetUtcNow())) _said = _proved = _clock.GetTimestamp();
            requests = writer.NewRequests();
        }
        catch (SqliteException busy) when (busy.IsBusy)
        {
        }
        catch (Exception other)
        {
            problem = other;
        }

        lock (_gate) EndWriting(problem);
        if (problem is not null) Release();
        return requests;
    }

    private void Sync(RunWriter writer, long committed)
    {
        try
        {
            writer.Sync();
            lock (_gate) _onDisk = Math.Max(_onDisk, committed);
        }
        catch (ObjectDisposedException)
        {
            // Closed in the meantime, which syncs by itself.
        }
        catch (Exception problem)
        {
            lock (_gate) Lose(problem);
            Release();
        }
    }

    /// <summary>Whether the run is still ours: one that has been stopped past its lease finds out before it adds to a log that another process writes now.</summary>
    private bool MayStillWrite()
    {
        if (_clock.GetElapsedTime(_proved) < Takeover.Lease - _signOfLife) return true;
        lock (_gate)
        {
            _writerAwaited = true;
            while (_writing) Monitor.Wait(_gate);
            _writerAwaited = false;
            if (_writer is null) return Lost is null;
            try
            {
                if (_writer.IsOurs()) _proved = _clock.GetTimestamp();
                else Lose(new LeaseLostException(_run));
            }
            catch (SqliteException unknown)
            {
                if (!unknown.IsBusy) Lose(unknown);
            }
        }

        if (Lost is null) return true;
        Release();
        return false;
    }
}
