using Lockstep.Journal;
using Lockstep.Sqlite.Binding;

namespace Lockstep.Sqlite;

/// <content>What is done beside the run: sync, signs of life, requests.</content>
public sealed partial class SqliteRunJournal
{
    /// <summary>Commits and sends to the disk what nobody waited for, looks what is asked of the run, and says that this process lives, until the journal is closed.</summary>
    private void Attend()
    {
        _said = _clock.GetTimestamp();
        while (true)
        {
            Timings?.Prepare();
            lock (_gate)
                if (!_closed && _writer is not null) Monitor.Wait(_gate, Attendance);
            if (!AttendOnce()) return;
        }
    }

    private bool AttendOnce()
    {
        RunWriter writer;
        List<ControlRequest> requests;
        long committed;
        bool sync;
        lock (_gate)
        {
            if (_closed || _writer is null) return false;

            // What nobody waits for, such as that a step has started, others want to see all the same.
            Commit();
            if (_writer is null) return false;
            writer = _writer;
            committed = _committed;
            sync = _onDisk < committed;
            requests = Ask(writer);
        }

        PassOn(requests);
        if (sync) Sync(writer, committed);
        return true;
    }

    private List<ControlRequest> Ask(RunWriter writer)
    {
        try
        {
            if (_clock.GetElapsedTime(_said) > _signOfLife)
            {
                writer.Renew(_clock.GetUtcNow());
                _said = _clock.GetTimestamp();
            }

            return writer.NewRequests();
        }
        catch (SqliteException busy) when (busy.Code is SqliteException.Busy or SqliteException.Locked)
        {
            return [];
        }
        catch (Exception problem)
        {
            Lose(problem);
            return [];
        }
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
        }
    }

    private void PassOn(List<ControlRequest> requests)
    {
        foreach (var request in requests) _asked?.Invoke(request);
    }
}
