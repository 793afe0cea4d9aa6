using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class ConfirmStep
{
    public static async Task<StepResult> Run(ConfirmNode node, Scope scope, RunContext run)
    {
        var message = await run.Text(node.Message, scope);
        try
        {
            var (granted, by) = await run.Confirm(message, node.DefaultYes, scope.Stop.Token);
            run.Append(new ConfirmationAnswered(node.Id, scope.Attempt, granted, by));
            return granted
                ? await run.Walk(node.Body, scope)
                : new StepResult(Outcome.Refused, null, $"not confirmed: {message} ({by})", node.Id);
        }
        catch (OperationCanceledException)
        {
            return StepResult.Cancelled(node, scope.Stop);
        }
    }
}
