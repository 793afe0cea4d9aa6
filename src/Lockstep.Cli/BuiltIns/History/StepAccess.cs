using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>Finds the step that is meant by an id, the end of one, or a part between slashes.</summary>
internal static class StepAccess
{
    /// <returns>The step; null when none fits.</returns>
    /// <exception cref="CliException">Several fit.</exception>
    public static StepId? Find(IEnumerable<StepId> all, string name, RunId run)
    {
        var steps = all.Distinct().ToList();
        if (steps.Contains(new StepId(name))) return new StepId(name);
        var found = steps.Where(step => step.Path.EndsWith("/" + name, StringComparison.Ordinal)).ToList();
        if (found.Count == 0) found = [.. steps.Where(step => $"/{step.Path}/".Contains($"/{name}/", StringComparison.Ordinal))];
        return found switch
        {
            [] => null,
            [var only] => only,
            _ => throw new CliException(new CliError(ExitCode.NotFound, $"'{name}' may be {string.Join(", ", found.Take(5))}{(found.Count > 5 ? ", …" : "")}") { Use = $"lockstep show {run}" }),
        };
    }
}
