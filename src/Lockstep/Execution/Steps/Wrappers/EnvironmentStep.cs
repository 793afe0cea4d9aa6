using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class EnvironmentStep
{
    public static async Task<StepResult> Run(EnvironmentNode node, Scope scope, RunContext run)
    {
        var environment = scope.Environment;
        foreach (var entry in node.Entries)
            environment = environment.With(entry.Key, await run.Text(entry.Value, scope));
        return await run.Walk(node.Body, scope with { Environment = environment });
    }
}
