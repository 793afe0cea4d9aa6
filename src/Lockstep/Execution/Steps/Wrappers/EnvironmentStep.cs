using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class EnvironmentStep
{
    public static async Task<StepResult> Run(EnvironmentNode node, Scope scope, RunContext run)
    {
        var (inside, problem) = await Inside(node, scope, run);
        return inside is null ? StepResult.Failure(node, problem!) : await run.Walk(node.Body, inside);
    }

    /// <summary>What its steps inherit, or why they can't.</summary>
    public static async ValueTask<(Scope? Scope, string? Problem)> Inside(EnvironmentNode node, Scope scope, RunContext run)
    {
        var variables = new List<KeyValuePair<string, string>>();
        foreach (var entry in node.Entries)
            variables.Add(new(entry.Key, await run.Text(entry.Value, scope)));
        if (TryWith(scope.Environment, variables, out var environment) is { } problem) return (null, problem);
        var settings = scope.Settings + string.Concat(variables.Select(variable => $"{variable.Key}={variable.Value}\0"));
        return (scope with { Environment = environment, Settings = settings }, null);
    }

    private static string? TryWith(EnvironmentBlock outer, List<KeyValuePair<string, string>> variables, out EnvironmentBlock environment)
    {
        environment = outer;
        try
        {
            environment = outer.With(variables);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }
}
