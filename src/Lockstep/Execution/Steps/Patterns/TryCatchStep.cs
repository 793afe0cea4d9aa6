using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Patterns;

internal static class TryCatchStep
{
    public static async Task<StepResult> Run(TryCatchNode node, Scope scope, RunContext run)
    {
        var result = await run.Walk(node.Main, scope);
        if (node.Catch is { } handler)
        {
            if (result.Outcome is Outcome.Failed or Outcome.TimedOut && (!scope.Stop.Stopped || run.Earlier?.Began(handler.Id, scope.Attempt) == true))
            {
                await run.Durable();
                result = await run.Walk(handler, scope);
            }
            else
            {
                run.Append(new StepSkipped(handler.Id, scope.Attempt, Needless(node, result)));
            }
        }
        if (node.Finally is not { } last) return result;

        // It runs on cancel and time-out too, so only a second interruption stops it.
        await run.Durable();
        using var stop = new StopSignal(run.Abandon);
        var ended = await run.Walk(last, scope with { Stop = stop });
        if (ended.Succeeded) return result with { Order = Math.Max(result.Order, ended.Order) };
        return result.Succeeded ? ended : result with { Reason = $"{result.Reason}; and finally: {ended.Reason}" };
    }

    private static string Needless(TryCatchNode node, StepResult main) => main.Outcome switch
    {
        Outcome.Succeeded => $"{node.Main.Id} succeeded",
        Outcome.Refused => $"{node.Main.Id} was refused, which is no failure to mend",
        _ => $"{node.Main.Id} was ended from outside",
    };
}
