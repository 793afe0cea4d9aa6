using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Groups;

internal static class CallStep
{
    public static Task<StepResult> Run(CallNode node, Scope scope, RunContext run)
    {
        if (!node.Once) return run.Walk(node.Body!, scope);
        if (run.OnceCalls.TryGetValue(node.Command, out var earlier))
        {
            run.Append(new StepSkipped(node.Id, scope.Attempt, $"{node.Command} runs once a run, and has been needed before"));
            return earlier;
        }
        if (node.Body is null)
            return Task.FromResult(StepResult.Failure(node, $"{node.Command} was to have been run before, and was not"));
        return run.OnceCalls[node.Command] = run.Walk(node.Body, scope);
    }
}
