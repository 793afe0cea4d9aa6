using System.Collections.Immutable;
using Lockstep.Plans;

namespace Lockstep.Journal;

/// <summary>How a run stands.</summary>
public enum RunStatus
{
    /// <summary>Not ended.</summary>
    Running,

    /// <summary>Stands still until somebody resumes it.</summary>
    Paused,

    /// <summary>Ended as it should.</summary>
    Succeeded,

    /// <summary>Ended by a failure.</summary>
    Failed,

    /// <summary>Ended because its time was up.</summary>
    TimedOut,

    /// <summary>Ended from outside.</summary>
    Cancelled,

    /// <summary>Ended because a person, or a rule, did not allow it.</summary>
    Refused,

    /// <summary>Ended because it was stopped, which is what a watch goes on to.</summary>
    Stopped,

    /// <summary>Not ended, and the process that executed it is gone.</summary>
    Crashed,
}

/// <summary>How a step stands.</summary>
public enum StepStatus
{
    /// <summary>Started and not ended.</summary>
    Running,

    /// <summary>Waits for a lock or for its next attempt.</summary>
    Waiting,

    /// <summary>Ended as it should.</summary>
    Succeeded,

    /// <summary>Ended with an error of its own.</summary>
    Failed,

    /// <summary>Ended because its time was up.</summary>
    TimedOut,

    /// <summary>Ended from outside.</summary>
    Cancelled,

    /// <summary>A person, or a rule, did not allow it.</summary>
    Refused,

    /// <summary>Not run.</summary>
    Skipped,
}

/// <summary>A step, as the events so far tell it; of several attempts, the latest.</summary>
/// <param name="Step">The step.</param>
/// <param name="FirstSequence">The sequence number of the first event about it: the order in which steps came up.</param>
public sealed record StepState(StepId Step, long FirstSequence)
{
    /// <summary>How it stands.</summary>
    public StepStatus Status { get; init; }

    /// <summary>The latest attempt; empty where nothing retries.</summary>
    public string Attempt { get; init; } = "";

    /// <summary>How often it was started; of a retry, how many attempts have failed so far and will be made again; of a <c>@debounce</c>, its round.</summary>
    public int Attempts { get; init; }

    /// <summary>When the latest attempt started; null when none did.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long the latest attempt took; null until it has ended.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The exit code; null when it has none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it stands as it does.</summary>
    public string? Reason { get; init; }

    /// <summary>What it runs, redacted; null when it is no leaf.</summary>
    public string? Text { get; init; }

    /// <summary>When the next attempt starts, while it waits for one.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How much the latest attempt printed.</summary>
    public long OutputBytes { get; init; }
}

/// <summary>A run as its events tell it. Immutable: <see cref="Apply"/> gives the next state.</summary>
public sealed record RunState
{
    /// <summary>Before the first event.</summary>
    public static RunState Empty { get; } = new();

    /// <summary>How the run stands; never <see cref="RunStatus.Crashed"/>, which only the store can tell.</summary>
    public RunStatus Status { get; private init; }

    /// <summary>What began the run; null before that.</summary>
    public RunStarted? Started { get; private init; }

    /// <summary>What ended the run; null until then.</summary>
    public RunEnded? Ended { get; private init; }

    /// <summary>The sequence number of the latest event; 0 before the first.</summary>
    public long Sequence { get; private init; }

    /// <summary>The latest wish for the end; null when nobody asked.</summary>
    public RunInterrupted? Interrupted { get; private init; }

    /// <summary>Why the run stands still; null while it does not.</summary>
    public RunPaused? Paused { get; private init; }

    /// <summary>Where the run was forked from another; null when it was not.</summary>
    public RunForked? Forked { get; private init; }

    /// <summary>Every step that events are about.</summary>
    public ImmutableDictionary<StepId, StepState> Steps { get; private init; } = ImmutableDictionary<StepId, StepState>.Empty;

    /// <summary>The values resolved in the run, by their index in the plan.</summary>
    public ImmutableDictionary<int, ValueWasResolved> Values { get; private init; } = ImmutableDictionary<int, ValueWasResolved>.Empty;

    /// <summary>The steps that have ended, by step and attempt.</summary>
    public ImmutableDictionary<(StepId Step, string Attempt), StepEnded> Ends { get; private init; }
        = ImmutableDictionary<(StepId Step, string Attempt), StepEnded>.Empty;

    /// <summary>The step that failed first and for no other step's sake; null when none did or the run has not ended.</summary>
    public StepId? RootCause => Ended?.RootCause;

    /// <summary>The state after all of these.</summary>
    public static RunState Of(IEnumerable<RunEvent> events)
    {
        var state = Empty;
        foreach (var happened in events) state = state.Apply(happened);
        return state;
    }

    /// <summary>The state after one more event.</summary>
    public RunState Apply(RunEvent happened) => Next(happened) with { Sequence = happened.Sequence };

    private RunState Next(RunEvent happened) => happened switch
    {
        RunStarted started => this with { Started = started, Status = RunStatus.Running, Ended = null },
        RunEnded ended => this with { Ended = ended, Status = StatusOf(ended.Outcome) },
        RunInterrupted interrupted => this with { Interrupted = interrupted },
        RunPaused paused => this with { Paused = paused, Status = RunStatus.Paused },
        RunResumed => this with { Paused = null, Status = RunStatus.Running },
        RunForked forked => this with { Forked = forked, Paused = null, Status = RunStatus.Running },
        PauseAsked or CheckpointCreated => this,
        ValueWasResolved value => this with { Values = Values.SetItem(value.Index, value) },
        StepEnded ended => With(ended) with { Ends = Ends.SetItem((ended.Step, ended.Attempt), ended) },
        StepEvent about => With(about),
        _ => throw new InvalidOperationException($"no state for the event {happened.GetType().Name}"),
    };

    private RunState With(StepEvent about)
    {
        var step = Steps.GetValueOrDefault(about.Step) ?? new StepState(about.Step, about.Sequence);
        return this with { Steps = Steps.SetItem(about.Step, After(step, about)) };
    }

    private static StepState After(StepState step, StepEvent happened) => happened switch
    {
        StepStarted started => step with
        {
            Status = StepStatus.Running,
            Attempt = started.Attempt,
            Attempts = step.Attempts + 1,
            StartedAt = started.At,
            Duration = null,
            ExitCode = null,
            Reason = started.Reason,
            Text = started.Text,
            OutputBytes = 0,
        },
        StepEnded ended => step with
        {
            Status = StepStatusOf(ended.Outcome),
            Attempt = ended.Attempt,
            Duration = ended.Duration,
            ExitCode = ended.ExitCode,
            Reason = ended.Reason,
            Due = null,
            OutputBytes = ended.OutputBytes,
        },
        StepSkipped skipped => step with { Status = StepStatus.Skipped, Attempt = skipped.Attempt, Reason = skipped.Reason },
        StepRetried retried => step with
        {
            Status = StepStatus.Waiting,
            Attempt = retried.Attempt,
            Attempts = retried.Failed,
            Due = retried.Due,
            Reason = retried.Error,
        },
        StepRestarted restarted => step with
        {
            Status = StepStatus.Running,
            Attempt = restarted.Attempt,
            Attempts = restarted.Round,
            Reason = restarted.Reason,
        },
        ConditionEvaluated condition => step with { Attempt = condition.Attempt, Reason = condition.Reason },
        SlotWaited waited => step with
        {
            Status = StepStatus.Waiting,
            Attempt = waited.Attempt,
            Reason = $"waits for a free slot: {waited.Limit} allows {waited.Slots}{(waited.Holder is null ? "" : $", held by {waited.Holder}")}",
        },
        LockWaited waited => step with
        {
            Status = StepStatus.Waiting,
            Attempt = waited.Attempt,
            Reason = waited.Holder is null ? $"waits for the lock {waited.Name}" : $"waits for the lock {waited.Name}, held by {waited.Holder}",
        },
        BranchesWaited waited => step with { Attempt = waited.Attempt },
        LockTaken taken => step with { Status = StepStatus.Running, Attempt = taken.Attempt, Reason = $"holds the lock {taken.Name}" },
        OnceCalled called => step with { Attempt = called.Attempt },
        LockReleased released => step with { Attempt = released.Attempt },
        TimerStarted timer => step with { Attempt = timer.Attempt },
        EffectChecked check => step with { Attempt = check.Attempt, Reason = check.Reason },
        CacheMissed missed => step with { Attempt = missed.Attempt, Reason = missed.Reason },
        ConfirmationAnswered answer => step with
        {
            Status = answer.Granted ? StepStatus.Running : StepStatus.Refused,
            Attempt = answer.Attempt,
            Reason = answer.Granted ? $"granted by {answer.By}" : $"denied by {answer.By}",
        },
        _ => throw new InvalidOperationException($"no step state for the event {happened.GetType().Name}"),
    };

    internal static RunStatus StatusOf(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => RunStatus.Succeeded,
        Outcome.Failed => RunStatus.Failed,
        Outcome.TimedOut => RunStatus.TimedOut,
        Outcome.Cancelled => RunStatus.Cancelled,
        Outcome.Refused => RunStatus.Refused,
        Outcome.Stopped => RunStatus.Stopped,
        _ => throw new InvalidOperationException($"no status for the outcome {outcome}"),
    };

    private static StepStatus StepStatusOf(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => StepStatus.Succeeded,
        Outcome.Failed => StepStatus.Failed,
        Outcome.TimedOut => StepStatus.TimedOut,
        Outcome.Cancelled => StepStatus.Cancelled,
        Outcome.Refused => StepStatus.Refused,
        _ => throw new InvalidOperationException($"no status for the outcome {outcome}"),
    };
}
