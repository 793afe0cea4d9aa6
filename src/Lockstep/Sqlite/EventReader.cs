using Lockstep.Journal;

namespace Lockstep.Sqlite;

/// <summary>Reads a run's events in order and checks that they are the ones written, all of them.</summary>
/// <param name="run">The run, for the messages and for where its checksums begin.</param>
/// <param name="after">The sequence number before the first event wanted; the first row given is that event's own, for its checksum.</param>
internal sealed class EventReader(RunId run, long after)
{
    private readonly List<RunEvent> _events = [];
    private long _sequence = Math.Max(0, after - 1);
    private uint? _checksum = after <= 0 ? EventChecksum.Begin(run) : null;

    public void Take(long sequence, ReadOnlySpan<byte> json, uint checksum)
    {
        if (sequence != _sequence + 1) throw Damaged(_sequence + 1, "it is missing");
        if (_checksum is { } previous && EventChecksum.Next(previous, json) != checksum) throw Damaged(sequence, "its checksum is wrong");
        _checksum = checksum;
        _sequence = sequence;
        if (sequence <= after) return;
        var happened = Read(sequence, json);
        if (happened.Sequence != sequence) throw Damaged(sequence, $"it says that it is event {happened.Sequence}");
        _events.Add(happened);
    }

    /// <summary>All events after the one named.</summary>
    /// <param name="count">How many the run has, once it has ended.</param>
    /// <param name="checksum">The last one's checksum, once the run has ended.</param>
    public List<RunEvent> Complete(long? count, uint checksum)
    {
        if (count is { } all && after <= all)
        {
            if (_sequence < all) throw Damaged(_sequence + 1, "it is missing");
            if (_sequence > all || _checksum != checksum) throw Damaged(_sequence, "it is not the one that ended the run");
        }

        return _events;
    }

    private RunEvent Read(long sequence, ReadOnlySpan<byte> json)
    {
        try
        {
            return EventJson.Read(json);
        }
        catch (JournalException problem)
        {
            throw new JournalException($"event {sequence} of {run} can't be read: {problem.Message}", problem);
        }
    }

    private JournalException Damaged(long sequence, string how)
        => new($"the journal of {run} is damaged at event {sequence}: {how}; what it did can't be trusted, other runs are unaffected");
}
