using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class EffectStep
{
    /// <summary>The leaves look for themselves: it is they that start.</summary>
    public static Task<StepResult> Run(EffectNode node, Scope scope, RunContext run) => run.Walk(node.Body, scope with { Effect = node });
}
