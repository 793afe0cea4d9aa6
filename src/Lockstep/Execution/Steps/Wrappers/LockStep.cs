using System.Text;
using Lockstep.Journal;
using Lockstep.Plans.Nodes;
using Lockstep.Source;
using Lockstep.Workspaces;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class LockStep
{
    public static async Task<StepResult> Run(LockNode node, Scope scope, RunContext run)
    {
        // All inside has ended, so nobody needs to be kept out.
        if (run.Earlier is { } earlier && !scope.Anew && earlier.GaveLockBack(node.Id, scope.Attempt)) return await run.Walk(node.Body, scope);

        var name = await run.Shown(node.Name, scope);
        var key = run.IsSensitive(node.Name) ? $"{name}#{Digest(await run.Text(node.Name, scope))}" : name;
        using var ends = run.WaitOf(scope);

        // Entered by a process that is gone, it has to come to its end even if the run is to stop.
        var wait = scope.Stop.Stopped ? run.Abandon.Token : ends.Token;
        var holder = new LockHolder(run.Run.Text, Environment.ProcessId, run.Plan.Command, run.Clock.GetUtcNow());
        LockOutcome outcome;
        try
        {
            outcome = await run.Machine.AcquireLock(
                key, holder, node.Timeout, other => run.Append(new LockWaited(node.Id, scope.Attempt, name, other?.ToString())), wait);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return StepResult.Failure(node, $"can't keep locks: {error.Message.TrimEnd('.')}; see that the folder may be written, or set LOCKSTEP_HOME to another");
        }
        if (outcome is not LockHeld held) return Busy(node, scope, run, name, (LockBusy)outcome);
        using (held.Lock)
        {
            run.Append(new LockTaken(node.Id, scope.Attempt, name, held.Waited));
            var taken = run.Clock.GetTimestamp();
            var result = await run.Walk(node.Body, scope);
            var order = run.Append(new LockReleased(node.Id, scope.Attempt, name, run.Clock.GetElapsedTime(taken)));
            return result with { Order = Math.Max(result.Order, order) };
        }
    }

    /// <summary>Tells names apart whose difference must not be seen, and tells too little of one to find it by trying: where two are the same, one waits in vain.</summary>
    private static string Digest(string name) => Sha256.Hex(Encoding.UTF8.GetBytes(name))[..5];

    private static StepResult Busy(LockNode node, Scope scope, RunContext run, string name, LockBusy busy)
    {
        var reason = $"the lock '{name}' was not free within {HumanDuration.Format(node.Timeout)}; it is held by {busy.Holder?.ToString() ?? "another run"}";
        var order = run.Append(new StepEnded(node.Id, scope.Attempt, Outcome.TimedOut, null, busy.Waited, reason, 0));
        return new StepResult(Outcome.TimedOut, null, reason, node.Id) { Order = order };
    }
}
