using Lockstep.Cli.Reports.Tree;
using Lockstep.Journal;
using Lockstep.Journal.Answers;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>How the steps stand that have no end of their own in the journal: those around others are what the tree shows of them, the rest have not started.</summary>
internal sealed class GroupStatuses
{
    private const string NotStarted = "not-started";
    private readonly Dictionary<StepId, RowPhase> _groups = [];
    private readonly Plan? _plan;
    private readonly Why _why;
    private readonly HashSet<StepId> _skipped = [];

    public GroupStatuses(Plan? plan, IReadOnlyList<RunEvent> events)
    {
        _plan = plan;
        _why = new Why(plan, events);
        if (plan is null) return;
        var states = new RowStates(new PlanRows(plan, unicode: true));
        foreach (var happened in events) states.Apply(happened);
        var sums = states.Sum();
        foreach (var step in plan.Steps())
        {
            if (states.Rows.Of(step.Id) is not { } row)
            {
                // The tree has no line for what holds all of it.
                _groups.TryAdd(step.Id, OfAll(events));
                continue;
            }

            if (!step.Children.IsEmpty) _groups.TryAdd(step.Id, sums[row].Phase);
            else if (sums[row].Phase == RowPhase.Skipped) _skipped.Add(step.Id);
        }
    }

    public StepStatus Of(StepState step, RunState run)
        => Ended(run.Ends.ContainsKey((step.Step, step.Attempt)) || !_groups.TryGetValue(step.Step, out var phase) ? step.Status : Of(phase, step.Status), run);

    /// <summary>The steps of the plan that no event is about, in its order, each with a word for how it stands and why.</summary>
    public IEnumerable<(StepId Step, string Status, string? Reason)> Silent(RunState run)
    {
        var told = run.Steps.Keys.ToHashSet();
        foreach (var step in _plan?.Steps() ?? [])
        {
            if (!told.Add(step.Id)) continue;
            var phase = _groups.TryGetValue(step.Id, out var sum) ? sum : _skipped.Contains(step.Id) ? RowPhase.Skipped : RowPhase.Waiting;
            if (phase is not (RowPhase.Waiting or RowPhase.Skipped))
            {
                yield return (step.Id, ShowCommand.Word(Ended(Of(phase, StepStatus.Running), run)), null);
                continue;
            }

            var left = SkippedAround(step.Id, run);
            var answer = left is null ? _why.NotRun(step.Id) : null;
            var skipped = phase == RowPhase.Skipped || answer?.About == "skipped";
            yield return (step.Id, skipped ? ShowCommand.Word(StepStatus.Skipped) : NotStarted, left ?? answer?.Text);
        }
    }

    private static RowPhase OfAll(IReadOnlyList<RunEvent> events) => events is [.., RunEnded ended] ? RowStates.PhaseOf(ended.Outcome) : RowPhase.Running;

    private static string? SkippedAround(StepId step, RunState run)
    {
        for (var path = step.Path; path.LastIndexOf('/') is var slash and > 0;)
        {
            path = path[..slash];
            if (run.Steps.TryGetValue(new StepId(path), out var around) && around.Status == StepStatus.Skipped) return around.Reason;
        }

        return null;
    }

    /// <summary>What runs or waits when its run has ended does so no more.</summary>
    private static StepStatus Ended(StepStatus status, RunState run)
    {
        if (status is not (StepStatus.Running or StepStatus.Waiting) || run.Ended is not { } ended) return status;
        return ended.Outcome == Outcome.TimedOut ? StepStatus.TimedOut : StepStatus.Cancelled;
    }

    private static StepStatus Of(RowPhase phase, StepStatus own) => phase switch
    {
        RowPhase.Waiting or RowPhase.Running => own is StepStatus.Waiting ? own : StepStatus.Running,
        RowPhase.Skipped => StepStatus.Skipped,
        RowPhase.Succeeded => StepStatus.Succeeded,
        RowPhase.Cancelled => StepStatus.Cancelled,
        RowPhase.Failed => own is StepStatus.Refused ? own : StepStatus.Failed,
        _ => throw new InvalidOperationException($"no status for {phase}"),
    };
}
