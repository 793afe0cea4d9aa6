using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Groups;

internal static class CallStep
{
    public static Task<StepResult> Run(CallNode node, Scope scope, RunContext run)
        => node.Once ? Once(node, scope, run) : run.Walk(node.Body!, scope);

    /// <summary>Whether a command that runs once a run has run, or does, so that a call of it costs nothing.</summary>
    public static bool IsThere(PlanNode node, Scope scope, RunContext run)
        => node is CallNode { Once: true } call && run.OnceCalls.TryGetValue(call.Command, out var earlier) && Counts(earlier, scope);

    private static async Task<StepResult> Once(CallNode node, Scope scope, RunContext run)
    {
        while (true)
        {
            var earlier = run.OnceCalls.GetValueOrDefault(node.Command);
            var shared = earlier is not null && Counts(earlier, scope);
            var call = shared ? earlier! : Begin(node, scope, run, earlier);
            var result = shared ? await call.Result.WaitAsync(scope.Stop.Token) : await call.Result;

            // Who needed it first was stopped, by a time-out around it, say; who waits for it needs it all the same.
            if (result.Outcome == Outcome.Cancelled && !call.IsOf(node, scope) && !scope.Stop.Stopped) continue;
            if (shared) run.Append(new StepSkipped(node.Id, scope.Attempt, $"{node.Command} runs once a run, and has been needed before"));
            return result;
        }
    }

    private static OnceCall Begin(CallNode node, Scope scope, RunContext run, OnceCall? earlier)
    {
        var times = earlier?.Times ?? 0;
        var body = node.Body ?? BodyOf(node.Command, run.Plan);

        // What the journal knows of its steps, it knows under the attempt of the call that came first then.
        var first = run.Earlier?.OnceCall(node.Command, times);
        if (first is null)
        {
            first = new OnceCalled(node.Id, scope.Attempt, node.Command);
            if (times > 0) run.Earlier?.Forget(body, scope.Attempt);
            run.Append(first);
        }

        return run.OnceCalls[node.Command] = new OnceCall(run.Walk(body, scope with { Attempt = first.Attempt }), first, scope.Attempt, times + 1);
    }

    /// <summary>A command that was ended from outside has not run; one that failed runs again when something around it is retried.</summary>
    private static bool Counts(OnceCall earlier, Scope scope) => !earlier.Result.IsCompletedSuccessfully || earlier.Result.Result.Outcome switch
    {
        Outcome.Succeeded => true,
        Outcome.Cancelled => false,
        _ => earlier.Attempt == scope.Attempt,
    };

    // Of steps beside each other, the first to need a command may not be the one that the plan shows its steps in.
    public static PlanNode BodyOf(string command, Plan plan)
        => plan.Steps().OfType<CallNode>().First(call => call.Once && call.Command == command && call.Body is not null).Body!;
}

/// <summary>A command that runs once a run.</summary>
/// <param name="Result">What came, or will come, of it.</param>
/// <param name="First">The call that it runs for.</param>
/// <param name="Attempt">The attempt it ran in.</param>
/// <param name="Times">How often it has run, this time counted: after a failure it may again.</param>
internal sealed record OnceCall(Task<StepResult> Result, OnceCalled First, string Attempt, int Times)
{
    /// <summary>Whether it runs for a call, and ends with what stops that.</summary>
    public bool IsOf(CallNode node, Scope scope) => First.Step == node.Id && First.Attempt == scope.Attempt;
}
