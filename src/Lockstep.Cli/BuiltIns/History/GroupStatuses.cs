using Lockstep.Cli.Reports.Tree;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>How steps around other steps stand: they have no end of their own in the journal, so it is what the tree shows of them.</summary>
internal sealed class GroupStatuses
{
    private readonly Dictionary<StepId, RowPhase> _phases = [];

    public GroupStatuses(Plan? plan, IReadOnlyList<RunEvent> events)
    {
        if (plan is null) return;
        var states = new RowStates(new PlanRows(plan, unicode: true));
        foreach (var happened in events) states.Apply(happened);
        var sums = states.Sum();
        foreach (var step in plan.Steps())
            if (!step.Children.IsEmpty && states.Rows.Of(step.Id) is { } row) _phases.TryAdd(step.Id, sums[row].Phase);
    }

    public StepStatus Of(StepState step, RunState run)
    {
        var status = run.Ends.ContainsKey((step.Step, step.Attempt)) || !_phases.TryGetValue(step.Step, out var phase) ? step.Status : Of(phase, step.Status);
        if (status is not (StepStatus.Running or StepStatus.Waiting) || run.Ended is not { } ended) return status;
        return ended.Outcome == Outcome.TimedOut ? StepStatus.TimedOut : StepStatus.Cancelled;
    }

    private static StepStatus Of(RowPhase phase, StepStatus own) => phase switch
    {
        RowPhase.Waiting or RowPhase.Running => own is StepStatus.Waiting ? own : StepStatus.Running,
        RowPhase.Skipped => StepStatus.Skipped,
        RowPhase.Succeeded => StepStatus.Succeeded,
        RowPhase.Cancelled => StepStatus.Cancelled,
        RowPhase.Failed => StepStatus.Failed,
        _ => throw new InvalidOperationException($"no status for {phase}"),
    };
}
