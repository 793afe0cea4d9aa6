using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Patterns;

internal static class ConditionalStep
{
    public static async Task<StepResult> Run(ConditionalNode node, Scope scope, RunContext run)
    {
        if (run.Earlier?.Condition(node.Id, scope.Attempt) is { } known) return await Follow(node, known.Branch, known.Reason, scope, run);

        var evaluation = node.Evaluation ?? await Evaluate(node, scope, run);
        run.Append(new ConditionEvaluated(node.Id, scope.Attempt, evaluation.CurrentValue, evaluation.SelectedBranch, evaluation.Reason));
        return await Follow(node, evaluation.SelectedBranch, evaluation.Reason, scope, run);
    }

    private static async Task<StepResult> Follow(ConditionalNode node, string? branch, string reason, Scope scope, RunContext run)
    {
        if (branch is not null) return await run.Walk(node.Branches.First(other => other.Pattern == branch).Body, scope);
        run.Append(new StepSkipped(node.Id, scope.Attempt, reason));
        return StepResult.Success;
    }

    private static async Task<ConditionResult> Evaluate(ConditionalNode node, Scope scope, RunContext run)
    {
        var index = node.Value ?? throw new InvalidOperationException($"{node.Id} has neither a result nor a value");
        var text = await run.Value(index, scope);
        return ConditionResult.Choose(node.Variable, text, run.Plan.Values[index].Sensitive, node.Branches.Select(branch => branch.Pattern));
    }
}
