using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Groups;

internal static class CallStep
{
    public static Task<StepResult> Run(CallNode node, Scope scope, RunContext run)
        => node.Once ? Once(node, scope, run) : run.Walk(node.Body!, scope);

    private static async Task<StepResult> Once(CallNode node, Scope scope, RunContext run)
    {
        if (run.OnceCalls.TryGetValue(node.Command, out var earlier) && Counts(earlier, scope))
        {
            run.Append(new StepSkipped(node.Id, scope.Attempt, $"{node.Command} runs once a run, and has been needed before"));
            return await earlier.Result.WaitAsync(scope.Stop.Token);
        }
        // What the journal knows of its steps, it knows under the attempt of the call that came first then.
        var attempt = run.Earlier?.OnceAttempt(node.Command, earlier is null ? 0 : earlier.Times) ?? scope.Attempt;
        run.Append(new OnceCalled(node.Id, attempt, node.Command));
        var result = run.Walk(node.Body ?? BodyElsewhere(node.Command, run.Plan), scope with { Attempt = attempt });
        run.OnceCalls[node.Command] = new OnceCall(result, scope.Attempt, earlier is null ? 1 : earlier.Times + 1);
        return await result;
    }

    /// <summary>A command that was ended from outside has not run; one that failed runs again when something around it is retried.</summary>
    private static bool Counts(OnceCall earlier, Scope scope) => !earlier.Result.IsCompletedSuccessfully || earlier.Result.Result.Outcome switch
    {
        Outcome.Succeeded => true,
        Outcome.Cancelled => false,
        _ => earlier.Attempt == scope.Attempt,
    };

    // Of steps beside each other, the first to need a command may not be the one that the plan shows its steps in.
    private static PlanNode BodyElsewhere(string command, Plan plan)
        => plan.Steps().OfType<CallNode>().First(call => call.Once && call.Command == command && call.Body is not null).Body!;
}

/// <summary>A command that runs once a run.</summary>
/// <param name="Result">What came, or will come, of it.</param>
/// <param name="Attempt">The attempt it ran in.</param>
/// <param name="Times">How often it has run, this time counted: after a failure it may again.</param>
internal sealed record OnceCall(Task<StepResult> Result, string Attempt, int Times);
