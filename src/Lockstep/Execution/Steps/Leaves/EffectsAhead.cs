using Lockstep.Execution.Steps.Wrappers;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Leaves;

/// <summary>
/// Finds out what happened to steps that may happen only once before anything around them starts. The links of a pipe start together: one that could
/// not be started after all would leave the others with half of what goes through the pipe.
/// </summary>
internal static class EffectsAhead
{
    /// <exception cref="RunParkedException">Of some step nobody knows: a person has to say.</exception>
    public static async Task Settle(ChainNode pipe, Scope scope, RunContext run)
    {
        if (!run.OnceSteps.ContainsValue(OnceStep.Started)) return;
        var known = true;
        foreach (var link in pipe.Links) known &= await IsKnown(link, scope, run);
        if (!known && !scope.Stop.Stopped) throw new RunParkedException();
    }

    private static async Task<bool> IsKnown(PlanNode node, Scope outer, RunContext run)
    {
        if (node is ShellNode or CustomNode) return await Effects.IsKnown(node, outer, run);

        // Each round of a watch is another start.
        if (node is DebounceNode && run.Plan.Mode == PlanMode.Watch) return true;
        if (!HasOpenStep(node, run) || await Inside(node, outer, run) is not { } scope) return true;
        var known = true;
        foreach (var child in node.Children) known &= await IsKnown(child, scope, run);
        return known;
    }

    /// <summary>So that nothing is resolved, and no folder looked at, for steps that have no question.</summary>
    private static bool HasOpenStep(PlanNode node, RunContext run)
        => node is LeafNode ? run.OnceSteps.GetValueOrDefault(node.Id.Path) == OnceStep.Started : node.Children.Any(child => HasOpenStep(child, run));

    /// <returns>Null where it can't be made: then none of the steps inside starts.</returns>
    private static async ValueTask<Scope?> Inside(PlanNode node, Scope outer, RunContext run) => node switch
    {
        EffectNode effect => outer with { Effect = effect },
        WorkdirNode workdir => (await WorkdirStep.Inside(workdir, outer, run)).Scope,
        EnvironmentNode environment => (await EnvironmentStep.Inside(environment, outer, run)).Scope,
        _ => outer,
    };
}
