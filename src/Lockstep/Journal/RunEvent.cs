using System.Text.Json.Serialization;
using Lockstep.Expressions;
using Lockstep.Plans;

namespace Lockstep.Journal;

/// <summary>Something that happened in a run, or that the engine decided, with its reason. Closed; every view is a fold of these. <see cref="EventJson"/> names the kinds.</summary>
public abstract record RunEvent
{
    private protected RunEvent() { }

    /// <summary>Its place in the run, from 1, without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>When, in UTC.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>An event about one step in one attempt.</summary>
public abstract record StepEvent : RunEvent
{
    private protected StepEvent(StepId step, string attempt)
    {
        Step = step;
        Attempt = attempt;
    }

    /// <summary>The step.</summary>
    public StepId Step { get; init; }

    /// <summary>The attempt's number in each enclosing retry, outermost first, such as <c>2.1</c>, a round under <c>@debounce</c> counting as one; empty where nothing retries.</summary>
    public string Attempt { get; init; }
}

/// <summary>How a step or a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
public enum Outcome
{
    /// <summary>As it should.</summary>
    [JsonStringEnumMemberName("succeeded")] Succeeded,

    /// <summary>With an error of its own.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Its time was up.</summary>
    [JsonStringEnumMemberName("timed-out")] TimedOut,

    /// <summary>Ended from outside, by a failure elsewhere or by a person.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>A person, or a rule, did not allow it.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>Of a run: it goes on until it is stopped, as a watch does, and was.</summary>
    [JsonStringEnumMemberName("stopped")] Stopped,
}

/// <summary>The run begins.</summary>
/// <param name="Command">The name it was asked for by.</param>
/// <param name="Arguments">The arguments, as given; sensitive ones redacted.</param>
/// <param name="Directory">The working directory.</param>
/// <param name="GraphHash">The plan's hash.</param>
/// <param name="ToolVersion">The program's version.</param>
/// <param name="ProcessId">The process that executes it.</param>
public sealed record RunStarted(
    string Command, IReadOnlyList<string> Arguments, string Directory, string GraphHash, string ToolVersion, int ProcessId) : RunEvent
{
    /// <summary>The trace that the run belongs to, as a W3C <c>traceparent</c>; null when it was started in none, or tells nobody of it.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>The run has ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="ExitCode">The program's exit code.</param>
/// <param name="Duration">From its start.</param>
/// <param name="RootCause">The step that failed first and for no other step's sake; null when none did.</param>
/// <param name="Reason">One sentence, when it did not succeed.</param>
public sealed record RunEnded(
    Outcome Outcome, int ExitCode, [property: JsonPropertyName("duration_ms")] TimeSpan Duration, StepId? RootCause, string? Reason) : RunEvent;

/// <summary>A leaf is about to start.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Text">What it runs, redacted.</param>
/// <param name="Reason">Why it runs.</param>
public sealed record StepStarted(StepId Step, string Attempt, string Text, string Reason) : StepEvent(Step, Attempt);

/// <summary>A step has ended.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Outcome">How.</param>
/// <param name="ExitCode">Its exit code; null when it has none, as when a signal ended it.</param>
/// <param name="Duration">From its start.</param>
/// <param name="Reason">One sentence, when it did not succeed.</param>
/// <param name="OutputBytes">How much it printed.</param>
/// <param name="Output">Its standard output, trimmed, when a later step uses it; null also when it held something that must not be seen.</param>
/// <param name="Cause">The step inside it where the trouble began; null when that is the step itself, and when there was none.</param>
public sealed record StepEnded(
    StepId Step,
    string Attempt,
    Outcome Outcome,
    int? ExitCode,
    [property: JsonPropertyName("duration_ms")] TimeSpan Duration,
    string? Reason,
    long OutputBytes,
    string? Output = null,
    StepId? Cause = null)
    : StepEvent(Step, Attempt);

/// <summary>A command that runs once a run begins, for the call that came first.</summary>
/// <param name="Step">The call.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Command">The command's name.</param>
public sealed record OnceCalled(StepId Step, string Attempt, string Command) : StepEvent(Step, Attempt);

/// <summary>A step was not run.</summary>
public sealed record StepSkipped(StepId Step, string Attempt, string Reason) : StepEvent(Step, Attempt);

/// <summary>An attempt failed and another will be made.</summary>
/// <param name="Step">The retry step.</param>
/// <param name="Attempt">The attempt of the retry step itself.</param>
/// <param name="Failed">The number of the attempt that failed, from 1.</param>
/// <param name="Attempts">How many are allowed.</param>
/// <param name="Due">When the next one starts.</param>
/// <param name="Error">Why the last one failed.</param>
public sealed record StepRetried(StepId Step, string Attempt, int Failed, int Attempts, DateTimeOffset Due, string Error) : StepEvent(Step, Attempt);

/// <summary>In a watch, files changed, and a block under <c>@debounce</c> begins anew; what still ran of the last round has ended.</summary>
/// <param name="Step">The debounce step.</param>
/// <param name="Attempt">The attempt of the debounce step itself.</param>
/// <param name="Round">The number of the round that begins, from 2; its steps have it as their attempt.</param>
/// <param name="Files">The files, relative to the working directory, the first 20; empty where the system told of changes without names.</param>
/// <param name="Reason">What changed, in a few words.</param>
public sealed record StepRestarted(StepId Step, string Attempt, int Round, IReadOnlyList<string> Files, string Reason) : StepEvent(Step, Attempt);

/// <summary>A condition chose a branch, or none.</summary>
public sealed record ConditionEvaluated(StepId Step, string Attempt, string? Value, string? Branch, string Reason) : StepEvent(Step, Attempt);

/// <summary>A value was resolved in the run.</summary>
/// <param name="Index">Its index in the plan's values.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its text; null when it is sensitive.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="CacheAge">How old, when it came from the cache.</param>
public sealed record ValueWasResolved(
    int Index, string Name, string? Text, ValueSource Source, [property: JsonPropertyName("cache_age_ms")] TimeSpan? CacheAge) : RunEvent;

/// <summary>A step waits for a lock.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Name">The lock's name.</param>
/// <param name="Holder">Who holds it, as far as that is known.</param>
public sealed record LockWaited(StepId Step, string Attempt, string Name, string? Holder) : StepEvent(Step, Attempt);

/// <summary>Branches of a parallel step wait because as many run as may run at once; once for the step, however often a place becomes free.</summary>
/// <param name="Step">The parallel step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Limit">How many may run at once.</param>
/// <param name="Waiting">How many wait: the last ones of the step.</param>
/// <param name="Reason">Where the limit comes from.</param>
public sealed record BranchesWaited(StepId Step, string Attempt, int Limit, int Waiting, string Reason) : StepEvent(Step, Attempt);

/// <summary>A command is ready to start, and as many run as may run at once.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Limit">Which limit it waits for: <c>--jobs</c> or <c>LOCKSTEP_MAX_STEPS</c>.</param>
/// <param name="Slots">How many it allows.</param>
/// <param name="Holder">Which runs have the places, as far as that is known; null where it is the run itself.</param>
public sealed record SlotWaited(StepId Step, string Attempt, string Limit, int Slots, string? Holder) : StepEvent(Step, Attempt);

/// <summary>A step holds a lock.</summary>
public sealed record LockTaken(
    StepId Step, string Attempt, string Name, [property: JsonPropertyName("waited_ms")] TimeSpan Waited) : StepEvent(Step, Attempt);

/// <summary>Nothing was taken from the cache, or kept in it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Reason">Why, in one sentence: which input changed.</param>
/// <param name="Warnings">What the author should know, such as a glob that matches nothing.</param>
public sealed record CacheMissed(StepId Step, string Attempt, string Reason, IReadOnlyList<string> Warnings) : StepEvent(Step, Attempt);

/// <summary>A confirmation was given or denied.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Granted">Whether the body runs.</param>
/// <param name="By"><c>terminal</c>, <c>--yes</c>, or why nobody could be asked.</param>
public sealed record ConfirmationAnswered(StepId Step, string Attempt, bool Granted, string By) : StepEvent(Step, Attempt);

/// <summary>A person asked for the end: once gracefully, twice at once.</summary>
/// <param name="Signal">What asked, such as <c>Ctrl-C</c> or <c>anna with lockstep stop</c>.</param>
/// <param name="Immediately">Whether <c>finally</c> blocks are ended too.</param>
/// <param name="Stop">Whether that end is the one it was started for, as of a watch: then the run ends as stopped.</param>
public sealed record RunInterrupted(string Signal, bool Immediately, bool Stop = false) : RunEvent;

/// <summary>Another process, or the same one later, goes on with a run that had not ended.</summary>
/// <param name="ProcessId">The process that executes it from now on.</param>
/// <param name="ToolVersion">The program's version.</param>
/// <param name="Reason">Why it can go on: it was paused, or its process is gone.</param>
/// <param name="AliveUntil">The latest moment at which the run is known to have been executed before.</param>
public sealed record RunResumed(int ProcessId, string ToolVersion, string Reason, DateTimeOffset AliveUntil) : RunEvent;

/// <summary>A run begins where another one was at a certain event: the events up to there are that run's, copied, and what follows is its own.</summary>
/// <param name="Parent">The run it was forked from.</param>
/// <param name="After">The number of the last event that both share.</param>
/// <param name="From">Where that is, in words, such as <c>the step deploy/2</c>.</param>
/// <param name="Changes">The values that were replaced, such as <c>env=prod</c>; sensitive ones redacted.</param>
/// <param name="GraphHash">The hash of the plan with them.</param>
/// <param name="ProcessId">The process that executes it.</param>
/// <param name="ToolVersion">The program's version.</param>
public sealed record RunForked(
    string Parent, long After, string From, IReadOnlyList<string> Changes, string GraphHash, int ProcessId, string ToolVersion) : RunEvent;

/// <summary>Somebody asked the run to pause: no further step starts; those that run come to their end.</summary>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; null when nobody said.</param>
public sealed record PauseAsked(string By, string? Reason) : RunEvent;

/// <summary>The run stands still, and its process ends; <c>resume</c> goes on.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Step">The step that can't go on without an answer; null when it is the run as a whole.</param>
/// <param name="Until">When it may go on by itself; null when a person decides.</param>
public sealed record RunPaused(string Reason, StepId? Step = null, DateTimeOffset? Until = null) : RunEvent;

/// <summary>A position in the run with a name, to fork from.</summary>
/// <param name="Label">The name.</param>
/// <param name="By">Who made it.</param>
public sealed record CheckpointCreated(string Label, string By) : RunEvent;

/// <summary>A time-out's time begins to run.</summary>
public sealed record TimerStarted(
    StepId Step, string Attempt, [property: JsonPropertyName("duration_ms")] TimeSpan Duration) : StepEvent(Step, Attempt);

/// <summary>A step's lock is free again.</summary>
public sealed record LockReleased(
    StepId Step, string Attempt, string Name, [property: JsonPropertyName("held_ms")] TimeSpan Held) : StepEvent(Step, Attempt);

/// <summary>Whether a step that may happen only once has happened.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EffectFinding>))]
public enum EffectFinding
{
    /// <summary>It has: the step counts as completed.</summary>
    [JsonStringEnumMemberName("done")] Done,

    /// <summary>It has not: the step runs.</summary>
    [JsonStringEnumMemberName("not-done")] NotDone,

    /// <summary>Nobody knows: a person has to say.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <summary>Somebody looked whether the effect of a step, cut off or failed before, is there.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt that is about to start.</param>
/// <param name="Finding">What was found.</param>
/// <param name="By">The verify command, or the person.</param>
/// <param name="Reason">One sentence.</param>
public sealed record EffectChecked(StepId Step, string Attempt, EffectFinding Finding, string By, string Reason) : StepEvent(Step, Attempt);
