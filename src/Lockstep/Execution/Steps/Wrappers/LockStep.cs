using Lockstep.Journal;
using Lockstep.Plans.Nodes;
using Lockstep.Source;
using Lockstep.Workspaces;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class LockStep
{
    public static async Task<StepResult> Run(LockNode node, Scope scope, RunContext run)
    {
        var name = await run.Text(node.Name, scope);
        var holder = new LockHolder(run.Run.Text, Environment.ProcessId, run.Plan.Command, run.Clock.GetUtcNow());
        LockOutcome outcome;
        try
        {
            outcome = await run.Locks.AcquireAsync(
                name, holder, node.Timeout, other => run.Append(new LockWaited(node.Id, scope.Attempt, name, other?.ToString())), scope.Stop.Token);
        }
        catch (OperationCanceledException)
        {
            return StepResult.Cancelled(node, scope.Stop);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return StepResult.Failure(node, $"can't keep locks: {error.Message}; see that the folder may be written, or set LOCKSTEP_HOME to another");
        }
        if (outcome is not LockHeld held) return Busy(node, scope, run, name, (LockBusy)outcome);
        using (held.Lock)
        {
            run.Append(new LockTaken(node.Id, scope.Attempt, name, held.Waited));
            return await run.Walk(node.Body, scope);
        }
    }

    private static StepResult Busy(LockNode node, Scope scope, RunContext run, string name, LockBusy busy)
    {
        var reason = $"the lock '{name}' was not free within {HumanDuration.Format(node.Timeout)}; it is held by {busy.Holder?.ToString() ?? "another run"}";
        run.Append(new StepEnded(node.Id, scope.Attempt, Outcome.TimedOut, null, busy.Waited, reason, 0));
        return new StepResult(Outcome.TimedOut, null, reason, node.Id);
    }
}
