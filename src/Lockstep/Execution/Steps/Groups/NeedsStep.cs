using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Groups;

internal static class NeedsStep
{
    /// <summary>Commands needed together are independent of each other: they run as a parallel step does.</summary>
    public static Task<StepResult> Run(NeedsNode node, Scope scope, RunContext run) => node.Calls is [var only]
        ? run.Walk(only, scope)
        : ParallelStep.Run(new ParallelNode(node.Id, ParallelMode.FailFast, null, node.Children), scope, run);
}
