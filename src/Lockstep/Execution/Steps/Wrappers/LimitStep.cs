using Lockstep.Plans.Nodes;
using Lockstep.Processes.Limits;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class LimitStep
{
    /// <summary>Each command inside is limited by itself: it is they that start processes.</summary>
    public static Task<StepResult> Run(LimitNode node, Scope scope, RunContext run)
        => run.Walk(node.Body, scope with { Limits = new ResourceLimits(node.Memory, node.Cpu, node.Processes).Within(scope.Limits) });
}
