using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class WorkdirStep
{
    public static async Task<StepResult> Run(WorkdirNode node, Scope scope, RunContext run)
    {
        var (inside, problem) = await Inside(node, scope, run);
        return inside is null ? StepResult.Failure(node, problem!) : await run.Walk(node.Body, inside);
    }

    /// <summary>What its steps inherit, with the folder made where it is to be, or why they can't.</summary>
    public static async ValueTask<(Scope? Scope, string? Problem)> Inside(WorkdirNode node, Scope scope, RunContext run)
    {
        var directory = await run.Path(node.Path, scope);
        if (!run.Machine.FolderExists(directory.Path))
        {
            if (!node.CreateIfNotExists)
                return (null, $"there is no folder {directory.Shown}; make it, or write createIfNotExists = true");
            run.PassGate(scope);
            try
            {
                run.Machine.CreateFolder(directory.Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return (null, $"can't make the folder {directory.Shown}: {directory.Because(error)}");
            }
        }
        return (scope with { Directory = directory.Path }, null);
    }
}
