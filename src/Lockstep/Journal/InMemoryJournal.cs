using Lockstep.Plans;

namespace Lockstep.Journal;

/// <summary>A run's events in memory: for tests, and for runs that need no history.</summary>
public sealed class InMemoryJournal : IRunJournal
{
    private readonly List<RunEvent> _events = [];
    private readonly Dictionary<(StepId Step, string Attempt), MemoryStream> _output = [];

    /// <summary>The events so far, in order.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <inheritdoc/>
    public bool TakenOver => false;

    /// <inheritdoc/>
    public string? Lost => null;

    /// <inheritdoc/>
    public string? Behind => null;

    /// <summary>What a step has printed in an attempt; empty when nothing.</summary>
    public byte[] Output(StepId step, string attempt) => _output.TryGetValue((step, attempt), out var bytes) ? bytes.ToArray() : [];

    /// <inheritdoc/>
    public void Append(RunEvent happened) => _events.Add(happened);

    /// <inheritdoc/>
    public ValueTask Flush() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<string?> Sync() => new((string?)null);

    /// <inheritdoc/>
    public void Acknowledge(ControlRequest request) { }

    /// <inheritdoc/>
    public void AppendOutput(StepId step, string attempt, ReadOnlySpan<byte> bytes)
    {
        if (!_output.TryGetValue((step, attempt), out var kept)) _output.Add((step, attempt), kept = new MemoryStream());
        kept.Write(bytes);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
