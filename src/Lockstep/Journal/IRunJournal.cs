using Lockstep.Plans;

namespace Lockstep.Journal;

/// <summary>Where one run's events are kept: the seam between the engine and its stores. Used from one thread.</summary>
/// <remarks>A journal that can't keep events any more says so through <see cref="Lost"/>; it never throws at the run, which goes on.</remarks>
public interface IRunJournal : IAsyncDisposable
{
    /// <summary>Takes an event; its sequence number and time are set. Returns before it is durable.</summary>
    void Append(RunEvent happened);

    /// <summary>Completes when all events appended so far outlive this process, or the journal is lost or, before the run's last event, <see cref="Behind"/>.</summary>
    ValueTask Flush();

    /// <summary>Completes when all events appended so far outlive a power cut, or the journal is lost or, before the run's last event, <see cref="Behind"/>.</summary>
    /// <returns>Null when they do, and otherwise why not, in one sentence.</returns>
    ValueTask<string?> Sync();

    /// <summary>A request that came through the store has been acted on: it is gone from there together with the events appended so far.</summary>
    void Acknowledge(ControlRequest request);

    /// <summary>Takes output of a step, already redacted, in the order printed; kept beside the events.</summary>
    void AppendOutput(StepId step, string attempt, ReadOnlySpan<byte> bytes);

    /// <summary>Whether another process executes the run now, so that nothing may be started any more.</summary>
    bool TakenOver { get; }

    /// <summary>Why history can't be kept; null while it can.</summary>
    string? Lost { get; }

    /// <summary>Why events wait in memory, where the death of this process would take them; null while they don't. They may still be kept.</summary>
    string? Behind { get; }
}
