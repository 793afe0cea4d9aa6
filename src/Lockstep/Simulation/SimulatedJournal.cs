using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Simulation;

/// <summary>A journal in memory that knows what of it would outlive the process, and that fails or stops at a chosen append.</summary>
/// <param name="loop">Commits happen on it, a turn after they were asked for, as a store's do.</param>
internal sealed class SimulatedJournal(VirtualLoop loop) : IRunJournal
{
    private readonly List<RunEvent> _events = [];
    private int _durable;
    private bool _stopped;
    private TaskCompletionSource? _commit;

    /// <summary>Told of each event that is taken, with its number in this journal, from 1.</summary>
    public Action<int>? OnAppend { get; set; }

    /// <summary>The events taken, in order.</summary>
    public IReadOnlyList<RunEvent> Events => _events;

    /// <summary>How many of them outlive the process.</summary>
    public int Durable => _durable;

    /// <inheritdoc/>
    public bool TakenOver => false;

    public string? Lost { get; private set; }

    public string? Behind => null;

    /// <summary>From now on nothing is kept, as on a full disk.</summary>
    public void Fail() => Lost = "history is not kept: the simulated disk is full";

    /// <summary>The process is gone: from now on nothing is kept and nobody is told.</summary>
    public void Stop() => _stopped = true;

    public void Append(RunEvent happened)
    {
        if (_stopped || Lost is not null) return;
        _events.Add(happened);
        OnAppend?.Invoke(_events.Count);
    }

    public ValueTask Flush()
    {
        if (_stopped || Lost is not null || _durable == _events.Count) return ValueTask.CompletedTask;
        if (_commit is null)
        {
            _commit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            loop.Post(_ => Commit(), null);
        }
        return new ValueTask(_commit.Task);
    }

    public async ValueTask<string?> Sync()
    {
        await Flush();
        return Lost;
    }

    public void Acknowledge(ControlRequest request) { }

    public void AppendOutput(StepId step, string attempt, ReadOnlySpan<byte> bytes) { }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Commit()
    {
        if (!_stopped) _durable = _events.Count;
        var commit = _commit;
        _commit = null;
        commit?.SetResult();
    }
}
