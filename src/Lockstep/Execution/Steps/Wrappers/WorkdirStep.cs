using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class WorkdirStep
{
    public static async Task<StepResult> Run(WorkdirNode node, Scope scope, RunContext run)
    {
        var directory = await run.Path(node.Path, scope);
        if (!run.Machine.FolderExists(directory.Path))
        {
            if (!node.CreateIfNotExists)
                return StepResult.Failure(node, $"there is no folder {directory.Shown}; make it, or write createIfNotExists = true");
            run.PassGate(scope);
            try
            {
                run.Machine.CreateFolder(directory.Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return StepResult.Failure(node, $"can't make the folder {directory.Shown}: {directory.Because(error)}");
            }
        }
        return await run.Walk(node.Body, scope with { Directory = directory.Path });
    }
}
