using Lockstep.Journal;
using Lockstep.Sqlite.Binding;

namespace Lockstep.Sqlite;

/// <summary>A run's row beside its events: what lists show, and what its events must agree with.</summary>
internal sealed record RunRow(
    RunId Run, long Key, RunStatus Status, string Command, string Directory, string GraphHash, long StartedAt, long? EndedAt, long? ExitCode, bool Forked, long? Events, uint Checksum)
{
    /// <summary>The row of a run; null when there is none.</summary>
    public static RunRow? Find(SqliteDatabase database, RunId run)
    {
        using var select = database.Prepare(
            "SELECT key, status, command, directory, graph_hash, started_at, ended_at, exit_code, forked_at, events, checksum FROM runs WHERE id = ?1"u8);
        if (!select.Bind(1, run.Text).Step()) return null;
        return new(
            run, select.Integer(0), StatusText.Parse(select.Text(1)), select.Text(2), select.Text(3), select.Text(4), select.Integer(5), Optional(6), Optional(7),
            !select.IsNull(8), Optional(9), (uint)select.Integer(10));

        long? Optional(int column) => select.IsNull(column) ? null : select.Integer(column);
    }

    /// <summary>Holds the row against all events of the run.</summary>
    /// <exception cref="JournalException">They tell different stories; the message says where.</exception>
    public void CheckAgainst(List<RunEvent> events)
    {
        if (events is not [RunStarted started, ..])
        {
            if (events.Count > 0) throw Differs("it does not begin with the run's start");
            return;
        }

        // A fork begins with the events of another run.
        if (!Forked)
        {
            if (started.At.ToUnixTimeMilliseconds() != StartedAt) throw Differs("the time of its start is another one");
            if (started.Command != Command || started.Directory != Directory || started.GraphHash != GraphHash) throw Differs("its command, folder or plan is another one");
        }

        var ended = events[^1] as RunEnded;
        var last = ended is not null ? RunState.StatusOf(ended.Outcome) : events[^1] is RunPaused ? RunStatus.Paused : RunStatus.Running;
        if (last != Status && !(last == RunStatus.Paused && Status == RunStatus.Running)) throw Differs($"it is '{StatusText.Of(Status)}' there, and its last event says '{StatusText.Of(last)}'");
        if ((Status == RunStatus.Running) != (Events is null)) throw Differs("whether it has come to an end is not the same");
        if (ended?.ExitCode != ExitCode || ended?.At.ToUnixTimeMilliseconds() != EndedAt) throw Differs("its exit code or the time of its end is another one");
    }

    private JournalException Differs(string how)
        => new($"the journal of {Run} is damaged: its events and its row in the list differ: {how}; what it did can't be trusted, other runs are unaffected");
}
