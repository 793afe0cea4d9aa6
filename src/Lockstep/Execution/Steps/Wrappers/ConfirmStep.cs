using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class ConfirmStep
{
    public static async Task<StepResult> Run(ConfirmNode node, Scope scope, RunContext run)
    {
        var message = await run.Shown(node.Message, scope);
        var answer = run.Earlier?.Answer(node.Id, scope.Attempt) ?? await Ask(node, message, scope, run);
        return answer.Granted
            ? await run.Walk(node.Body, scope)
            : new StepResult(Outcome.Refused, null, $"not confirmed: {message} ({answer.By})", node.Id);
    }

    private static async Task<ConfirmationAnswered> Ask(ConfirmNode node, string message, Scope scope, RunContext run)
    {
        run.PassGate(scope);
        using var ends = run.WaitOf(scope);
        var (granted, by) = await run.Confirm(node, message, ends.Token);
        var answer = new ConfirmationAnswered(node.Id, scope.Attempt, granted, by);
        run.Append(answer);
        return answer;
    }
}
