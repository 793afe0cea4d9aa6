using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Journal.Answers;

/// <summary>Explains a run by its events: why each step ran, waited, was tried again, was left out, where the time went, where values came from.</summary>
public sealed class Why
{
    private readonly Plan? _plan;
    private readonly IReadOnlyList<RunEvent> _events;
    private readonly PlanFamily _family;
    private readonly RunForked? _forked;

    /// <summary>For one run.</summary>
    /// <param name="plan">Its plan; null where that can't be read: answers then know less of how steps are related.</param>
    /// <param name="events">Its events, all that there are.</param>
    public Why(Plan? plan, IReadOnlyList<RunEvent> events)
    {
        _plan = plan;
        _events = events;
        _family = new PlanFamily(plan);
        _forked = events.OfType<RunForked>().LastOrDefault();
    }

    /// <summary>Why the run went as it did: what became of it as a whole, and every decision on the way.</summary>
    public Explanation Run() => new(
        [.. _events.Where(happened => happened is not (ValueWasResolved or StepStarted or TimerStarted or LockReleased or StepEnded { Outcome: Outcome.Succeeded })).Select(Tell)],
        Values(index => true),
        new TimeShares(_family, _events).OfRun());

    /// <summary>Why a step went as it did: its own events, and those of steps around and inside it that decided on it.</summary>
    public Explanation Step(StepId step)
    {
        var answers = _events.Where(happened => Concerns(happened, step)).Select(Tell).ToList();
        if (!answers.Exists(answer => answer.Step == step || (answer.Step is { } inside && _family.IsInside(inside, step))) && NotRun(step) is { } reason) answers.Add(reason);
        var used = new ValueUses();
        foreach (var one in _family.Find(step) is { } node ? WithInside(node) : []) one.Fields(used);
        return new([.. answers.OrderBy(answer => answer.Event)], Values(used.Indexes.Contains), new TimeShares(_family, _events).OfStep(step));
    }

    private static IEnumerable<PlanNode> WithInside(PlanNode node)
    {
        var pending = new Stack<PlanNode>([node]);
        while (pending.TryPop(out var next))
        {
            yield return next;
            foreach (var child in next.Children) pending.Push(child);
        }
    }

    private bool Concerns(RunEvent happened, StepId step) => happened switch
    {
        StepEvent own when own.Step == step => true,
        BranchesWaited waited => TimeShares.Branch(_family, waited, step) is not null,
        StepSkipped or ConditionEvaluated or CacheMissed or ConfirmationAnswered or StepRetried or StepRestarted or SlotWaited or LockWaited or LockTaken or StepEnded { Outcome: not Outcome.Succeeded }
            when happened is StepEvent about => _family.IsInside(step, about.Step) || (happened is not (ConditionEvaluated or ConfirmationAnswered) && _family.IsInside(about.Step, step)),
        RunInterrupted or PauseAsked or RunPaused or RunResumed => IsUnderWay(step, happened.Sequence),
        RunForked => _events.Any(earlier => earlier is StepEnded ended && ended.Step == step && ended.Sequence < happened.Sequence),
        _ => false,
    };

    /// <summary>Whether a step had begun before an event and ended after it.</summary>
    private bool IsUnderWay(StepId step, long sequence)
    {
        var own = _events.OfType<StepEvent>().Where(about => about.Step == step || _family.IsInside(about.Step, step)).ToList();
        return own.Count > 0 && own[0].Sequence < sequence && own[^1].Sequence > sequence;
    }

    /// <summary>Why a step has no event, which the event that decided on something around it tells.</summary>
    internal Answer? NotRun(StepId step)
    {
        var around = _family.Around(step).ToDictionary(pair => pair.Around.Id, pair => pair.Child);
        var other = _events.OfType<ConditionEvaluated>().LastOrDefault(about => around.TryGetValue(about.Step, out var child)
            && _family.Find(about.Step) is ConditionalNode condition && condition.Branches.FirstOrDefault(branch => branch.Pattern == about.Branch)?.Body != child);
        if (other is not null) return new(other.Sequence, other.At, step, other.Attempt, "skipped", $"{other.Step} took another branch: {other.Reason}");
        return _events.Count == 0 ? null
            : _events[^1] is RunEnded ended ? new(ended.Sequence, ended.At, step, "", "not-run", $"the run ended before its turn{(ended.RootCause is { } cause ? $": {cause} did not succeed" : "")}")
            : new(_events[^1].Sequence, _events[^1].At, step, "", "not-run", "its turn has not come yet");
    }

    private List<ExplainedValue> Values(Func<int, bool> wanted)
    {
        var resolved = _events.OfType<ValueWasResolved>().ToLookup(value => value.Index);
        var values = new List<ExplainedValue>();
        for (var i = 0; i < (_plan?.Values.Length ?? 0); i++)
        {
            if (!wanted(i)) continue;
            var value = _plan!.Values[i];
            if (value is { Resolved: { } known, Sensitive: false }) values.Add(new(value.Name, known.Text, From(known.Source, known.CacheAge), null));
            else if (resolved[i].LastOrDefault() is { } found) values.Add(new(value.Name, found.Text, From(found.Source, found.CacheAge), found.Sequence));
            else if (value.Expression is OutputExpression output) values.Add(new(value.Name, null, $"what {output.Step} printed", null));
            else values.Add(new(value.Name, null, value.Sensitive ? "it is sensitive, and not kept" : "it was not needed", null));
        }

        if (_plan is null) foreach (var found in _events.OfType<ValueWasResolved>()) values.Add(new(found.Name, found.Text, From(found.Source, found.CacheAge), found.Sequence));
        return values;
    }

    private static string From(ValueSource source, TimeSpan? age) => (source switch
    {
        ValueSource.Variable => "a literal of the definition",
        ValueSource.Input => "given on the command line",
        ValueSource.Environment => "the environment",
        ValueSource.Default => "its default",
        ValueSource.Captured => "the environment as the plan file froze it",
        ValueSource.Http => "fetched",
        ValueSource.Dns => "a name server",
        ValueSource.File => "a file",
        ValueSource.Shell => "a shell command",
        ValueSource.Clock => "made in the run",
        ValueSource.Secret => "a secret",
        ValueSource.Config => "configuration",
        ValueSource.Step => "an earlier step",
        _ => throw new InvalidOperationException($"no words for the source {source}"),
    }) + (age is null ? "" : ", from the cache");

    private Answer Tell(RunEvent happened)
    {
        var (about, text, took) = Told(happened);
        var step = happened as StepEvent;
        return new(happened.Sequence, happened.At, step?.Step, step?.Attempt ?? "", about, text, took);
    }

    private (string About, string Text, TimeSpan? Took) Told(RunEvent happened) => happened switch
    {
        RunStarted e => ("began", $"it was asked for: {string.Join(' ', [e.Command, .. e.Arguments ?? []])}", null),
        RunForked e => ("kept", $"it is a rerun of {e.Parent} from {e.From}{(e.Changes is { Count: > 0 } ? $", with {string.Join(", ", e.Changes)}" : "")}: what ended before that, to event {e.After}, was not run here", null),
        RunResumed e => ("resumed", $"process {e.ProcessId} went on with it: {e.Reason}", Positive(e.At - e.AliveUntil)),
        PauseAsked e => ("paused", $"{e.By} asked for it{(e.Reason is null ? "" : $": {e.Reason}")}", null),
        RunPaused e => ("paused", $"it stood still: {e.Reason}", null),
        RunInterrupted e => (e.Stop ? "stopped" : "interrupted", $"{e.Signal} asked it to end{(e.Immediately ? " at once" : "")}", null),
        CheckpointCreated e => ("checkpoint", $"{e.By} named this position {e.Label}", null),
        RunEnded e => (OutcomeWord.Of(e.Outcome), $"exit code {e.ExitCode}{(e.RootCause is { } cause ? $", because of {cause}" : "")}{(e.Reason is null ? "" : $": {e.Reason}")}", e.Duration),
        ValueWasResolved e => ("value", $"{e.Name} = {e.Text ?? RedactedText.Mark}: {From(e.Source, e.CacheAge)}", null),
        StepStarted e => ("ran", e.Reason == "its turn" ? _family.Turn(e.Step, e.Attempt, Condition) : e.Reason, null),
        StepEnded e => Ended(e),
        StepSkipped e => ("skipped", e.Reason, null),
        StepRetried e => ("retried", $"attempt {e.Failed} of {e.Attempts} failed: {e.Error}", Positive(e.Due - e.At)),
        StepRestarted e => ("restarted", $"round {e.Round}: {e.Reason}", null),
        ConditionEvaluated e => ("condition", e.Reason, null),
        BranchesWaited e => ("waited", $"{e.Waiting} {(e.Waiting == 1 ? "branch" : "branches")} for a free place: {e.Reason}", null),
        OnceCalled e => ("ran", $"{e.Command} runs once a run, and was needed here first", null),
        SlotWaited e => ("waited", $"for a free slot: {e.Limit} allows {e.Slots}{(e.Holder is null ? "" : $", held by {e.Holder}")}", null),
        LockWaited e => ("waited", $"for the lock {e.Name}{(e.Holder is null ? "" : $", held by {e.Holder}")}", null),
        LockTaken e => ("locked", $"it got the lock {e.Name}", Positive(e.Waited)),
        LockReleased e => ("unlocked", $"it gave the lock {e.Name} back", e.Held),
        TimerStarted e => ("timer", "its time-out began to run", e.Duration),
        CacheMissed e => ("cache", string.Join("; ", [e.Reason, .. e.Warnings ?? []]), null),
        ConfirmationAnswered e => (e.Granted ? "confirmed" : "denied", $"by {e.By}", null),
        EffectChecked e => ("effect", $"{e.Reason} (asked: {e.By})", null),
        _ => throw new InvalidOperationException($"no answer for the event {happened.GetType().Name}"),
    };

    private (string About, string Text, TimeSpan? Took) Ended(StepEnded e)
    {
        var kept = _forked is { } fork && e.Sequence <= fork.After ? $", in {fork.Parent}" : "";
        var text = e.Outcome == Outcome.Succeeded ? e.Reason ?? "it ended well" : $"{e.Reason ?? OutcomeWord.Of(e.Outcome)}{(e.Cause is { } cause && cause != e.Step ? $", which began in {cause}" : "")}";
        return (OutcomeWord.Of(e.Outcome), text + kept, e.Duration);
    }

    private string? Condition(StepId step) => _events.OfType<ConditionEvaluated>().LastOrDefault(about => about.Step == step)?.Reason;

    private static TimeSpan? Positive(TimeSpan time) => time > TimeSpan.Zero ? time : null;
}
