using Lockstep.Journal;
using Lockstep.Plans;
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
        return run.OnceCalls[node.Command] = run.Walk(node.Body ?? BodyElsewhere(node.Command, run.Plan), scope);
    }

    // Of steps beside each other, the first to need a command may not be the one that the plan shows its steps in.
    private static PlanNode BodyElsewhere(string command, Plan plan)
        => plan.Steps().OfType<CallNode>().First(call => call.Once && call.Command == command && call.Body is not null).Body!;
}
