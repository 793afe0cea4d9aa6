using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Groups;

internal static class SequenceStep
{
    public static async Task<StepResult> Run(SequenceNode node, Scope scope, RunContext run)
    {
        var last = StepResult.Success;
        for (var i = 0; i < node.Steps.Length; i++)
        {
            if (i > 0) await run.Durable();
            last = await run.Walk(node.Steps[i], scope);
            if (last.Succeeded) continue;
            SkipRest(node, i + 1, scope, run);
            return last;
        }
        return last;
    }

    private static void SkipRest(SequenceNode node, int from, Scope scope, RunContext run)
    {
        for (var i = from; i < node.Steps.Length; i++)
            run.Append(new StepSkipped(node.Steps[i].Id, scope.Attempt, $"{node.Steps[from - 1].Id} did not succeed"));
    }
}
