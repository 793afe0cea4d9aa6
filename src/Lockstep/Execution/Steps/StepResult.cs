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

    public bool Succeeded => Outcome == Outcome.Succeeded;

    public static StepResult Failure(PlanNode node, string reason, int? exitCode = null) => new(Outcome.Failed, exitCode, reason, node.Id);

    public static StepResult Cancelled(PlanNode node, StopSignal stop) => new(Outcome.Cancelled, null, stop.Reason ?? "cancelled", node.Id);
}
