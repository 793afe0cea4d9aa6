using Lockstep.Journal;

namespace Lockstep.Execution;

/// <summary>Numbers, dates and redacts events on their way to the journal and to whoever watches.</summary>
internal sealed class Recorder(IRunJournal journal, TimeProvider clock, RunSecrets secrets, Action<RunEvent>? observer, long last = 0)
{
    private long _sequence = last;
    private Action<RunEvent>? _observer = observer;
    private bool _ended;

    /// <summary>Takes what begins the run or goes on with it. Of a run that was taken over, the journal has it already, with its number and time.</summary>
    public void Begin(RunEvent start)
    {
        if (start.Sequence == 0)
        {
            Append(start);
            return;
        }

        _sequence = start.Sequence;
        Tell(Redacted(start));
    }

    public RunEvent Append(RunEvent happened)
    {
        // Of a run that was broken off, steps may still come to their ends.
        if (_ended) return happened;
        var dated = Redacted(happened) with { Sequence = ++_sequence, At = clock.GetUtcNow() };
        _ended = dated is RunEnded;
        journal.Append(dated);
        Tell(dated);

        // A result is made durable soon even where nothing waits for it; who depends on it awaits the same commit.
        if (dated is StepEnded) _ = journal.Flush().AsTask();
        return dated;
    }

    /// <summary>Who throws is told nothing more: the run ends for it, and its end is to be kept.</summary>
    private void Tell(RunEvent happened)
    {
        try
        {
            _observer?.Invoke(happened);
        }
        catch
        {
            _observer = null;
            throw;
        }
    }

    /// <summary>The event without secrets in any text that steps made up; the one place, so that no step has to think of it.</summary>
    private RunEvent Redacted(RunEvent happened) => happened switch
    {
        RunStarted e => e with { Arguments = [.. e.Arguments.Select(secrets.Redact)] },
        RunEnded e => e with { Reason = Redact(e.Reason) },
        RunInterrupted e => e with { Signal = secrets.Redact(e.Signal) },
        RunResumed e => e,
        RunForked e => e with { From = secrets.Redact(e.From), Changes = [.. e.Changes.Select(secrets.Redact)] },
        PauseAsked e => e with { By = secrets.Redact(e.By), Reason = Redact(e.Reason) },
        RunPaused e => e with { Reason = secrets.Redact(e.Reason) },
        CheckpointCreated e => e with { Label = secrets.Redact(e.Label), By = secrets.Redact(e.By) },
        StepStarted e => e with { Text = secrets.Redact(e.Text), Reason = secrets.Redact(e.Reason) },
        StepEnded e => e with { Reason = Redact(e.Reason), Output = Kept(e.Output) },
        StepSkipped e => e with { Reason = secrets.Redact(e.Reason) },
        StepRetried e => e with { Error = secrets.Redact(e.Error) },
        StepRestarted e => e with { Files = [.. e.Files.Select(secrets.Redact)], Reason = secrets.Redact(e.Reason) },
        ConditionEvaluated e => e with { Value = Redact(e.Value), Reason = secrets.Redact(e.Reason) },
        ValueWasResolved e => e with { Text = Redact(e.Text) },
        SlotWaited e => e with { Holder = Redact(e.Holder) },
        LockWaited e => e with { Name = secrets.Redact(e.Name), Holder = Redact(e.Holder) },
        BranchesWaited e => e,
        LockTaken e => e with { Name = secrets.Redact(e.Name) },
        OnceCalled e => e,
        LockReleased e => e with { Name = secrets.Redact(e.Name) },
        TimerStarted e => e,
        EffectChecked e => e with { By = secrets.Redact(e.By), Reason = secrets.Redact(e.Reason) },
        CacheMissed e => e with { Reason = secrets.Redact(e.Reason), Warnings = [.. e.Warnings.Select(secrets.Redact)] },
        ConfirmationAnswered e => e with { By = secrets.Redact(e.By) },
        _ => throw new InvalidOperationException($"nothing says what to redact in a {happened.GetType().Name}"),
    };

    /// <summary>A text that is used as it is when the run is resumed: kept whole or not at all.</summary>
    private string? Kept(string? text) => text is not null && secrets.Redact(text) == text ? text : null;

    private string? Redact(string? text) => text is null ? null : secrets.Redact(text);
}
