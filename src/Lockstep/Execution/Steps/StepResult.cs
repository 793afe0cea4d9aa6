using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Execution.Steps;

/// <summary>How a step ended, for the step around it.</summary>
/// <param name="Outcome">How.</param>
/// <param name="ExitCode">Its exit code; null when it has none.</param>
/// <param name="Reason">One sentence, when it did not succeed.</param>
/// <param name="Cause">The step where the trouble began.</param>
internal readonly record struct StepResult(Outcome Outcome, int? ExitCode, string? Reason, StepId? Cause)
{
    public static readonly StepResult Success = new(Outcome.Succeeded, 0, null, null);

    /// <summary>The sequence number of the event that tells it; 0 while none does. Of results that are there together, the lowest came first.</summary>
    public long Order { get; init; }

    /// <summary>Whether it was there before another; what no event tells comes after what one does.</summary>
    public bool ComesBefore(StepResult other) => Order > 0 && (other.Order == 0 || Order < other.Order);

    public bool Succeeded => Outcome == Outcome.Succeeded;

    /// <summary>What the journal says already.</summary>
    public static StepResult Of(StepEnded end) => end.Outcome == Outcome.Succeeded
        ? Success with { Order = end.Sequence }
        : new(end.Outcome, end.ExitCode, end.Reason, end.Cause ?? end.Step) { Order = end.Sequence };

    public static StepResult Failure(PlanNode node, string reason, int? exitCode = null) => new(Outcome.Failed, exitCode, reason, node.Id);

    public static StepResult Cancelled(PlanNode node, StopSignal stop) => new(Outcome.Cancelled, null, stop.Reason ?? "cancelled", node.Id);
}
