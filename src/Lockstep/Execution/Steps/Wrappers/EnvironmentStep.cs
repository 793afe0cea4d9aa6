using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class EnvironmentStep
{
    public static async Task<StepResult> Run(EnvironmentNode node, Scope scope, RunContext run)
    {
        var variables = new List<KeyValuePair<string, string>>();
        foreach (var entry in node.Entries)
            variables.Add(new(entry.Key, await run.Text(entry.Value, scope)));
        try
        {
            var environment = scope.Environment.With(variables);
            var settings = scope.Settings + string.Concat(variables.Select(variable => $"{variable.Key}={variable.Value}\0"));
            return await run.Walk(node.Body, scope with { Environment = environment, Settings = settings });
        }
        catch (ArgumentException error)
        {
            return StepResult.Failure(node, error.Message);
        }
    }
}
