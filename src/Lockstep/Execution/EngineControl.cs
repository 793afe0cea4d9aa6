using Lockstep.Execution.Steps;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Execution;

/// <summary>What a run was asked to do while it runs, as signals to its steps. On the run's own thread.</summary>
internal sealed class EngineControl(Recorder recorder, IRunJournal journal) : IDisposable
{
    private bool _closed;
    private string? _pausedFor;
    private StepId? _pausedAt;
    private string? _stoppedBy;

    /// <summary>Ends the steps; <c>finally</c> blocks run.</summary>
    public StopSignal Stop { get; } = new();

    /// <summary>Ends <c>finally</c> blocks too.</summary>
    public StopSignal Abandon { get; } = new();

    /// <summary>Lets no further leaf start.</summary>
    public StopSignal Park { get; } = new();

    public void Take(ControlRequest asked, RunContext run)
    {
        // Nothing comes after the end in the journal, not even what was on its way to us by then.
        if (_closed) return;
        switch (asked)
        {
            case InterruptRequest interrupt:
                Interrupt(interrupt.Signal, interrupt.AtOnce || Stop.Stopped);
                break;
            case StopRequest { ByItself: true } stop:
                _stoppedBy = stop.By;
                break;
            case StopRequest { By: { } by }:
                _stoppedBy = by;
                Interrupt(by, Stop.Stopped);
                break;
            case PauseRequest pause when !Park.Stopped && !Stop.Stopped:
                recorder.Append(new PauseAsked(pause.By, pause.Reason));
                _pausedFor ??= pause.Reason is null ? $"asked by {pause.By}" : $"asked by {pause.By}: {pause.Reason}";
                Park.Stop("paused");
                break;
            case ApproveRequest approval:
                Answer(approval, run);
                break;
            case CheckpointRequest checkpoint:
                recorder.Append(new CheckpointCreated(checkpoint.Label, checkpoint.By));
                break;
        }

        if (asked.Key == 0) return;
        journal.Acknowledge(asked);
        _ = journal.Flush().AsTask();
    }

    /// <summary>Takes what was asked of a resumed run before.</summary>
    public void Restore(RunInterrupted interrupted)
    {
        if (interrupted.Stop) _stoppedBy = interrupted.Signal;
        Stop.Stop($"{Verb} by {interrupted.Signal}");
        if (interrupted.Immediately) Abandon.Stop($"interrupted twice by {interrupted.Signal}");
    }

    /// <summary>How the run ends, when its steps have: what was stopped has not failed, however it took that.</summary>
    public StepResult Ended(StepResult result) => _stoppedBy is null ? result
        : new(Outcome.Stopped, null, result.Outcome == Outcome.Cancelled ? result.Reason : $"stopped by {_stoppedBy}", null);

    /// <summary>Lets the run stand still because a step can't go on without an answer.</summary>
    public void ParkFor(StepId? step, string reason)
    {
        _pausedAt ??= step;
        _pausedFor ??= reason;
        if (!Park.Stopped) Park.Stop("paused");
    }

    public RunPaused Paused()
    {
        Close();
        return new(_pausedFor ?? "paused", _pausedAt);
    }

    /// <summary>Ends what still runs of a run that nobody can go on with.</summary>
    public void BreakOff()
    {
        const string Why = "an error in lockstep itself";
        Close();
        Stop.Stop(Why);
        Abandon.Stop(Why);
    }

    /// <summary>The run has come to its last event.</summary>
    public void Close() => _closed = true;

    public void Dispose()
    {
        Stop.Dispose();
        Abandon.Dispose();
        Park.Dispose();
    }

    private string Verb => _stoppedBy is null ? "interrupted" : "stopped";

    private void Interrupt(string signal, bool atOnce)
    {
        if (Abandon.Stopped) return;
        recorder.Append(new RunInterrupted(signal, atOnce, _stoppedBy is not null));
        Stop.Stop($"{Verb} by {signal}");
        if (atOnce) Abandon.Stop($"interrupted twice by {signal}");
    }

    private void Answer(ApproveRequest approval, RunContext run)
    {
        var step = approval.Step;
        var finding = approval.Done ? EffectFinding.Done : EffectFinding.NotDone;
        var word = approval.Done ? "it has happened" : "it has not happened";
        var check = new EffectChecked(step, "", finding, approval.By, approval.Reason is null ? $"{word}, says {approval.By}" : $"{word}, says {approval.By}: {approval.Reason}");
        recorder.Append(check);
        run.EffectAnswers[step] = check;
    }
}
