using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class RetryStep
{
    public static async Task<StepResult> Run(RetryNode node, Scope scope, RunContext run)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = scope.Attempt.Length == 0 ? $"{attempt}" : $"{scope.Attempt}.{attempt}";
            var result = await run.Walk(node.Body, scope with { Attempt = path });
            var again = result.Outcome is Outcome.Failed or Outcome.TimedOut && attempt < node.Attempts && !scope.Stop.Stopped;
            if (!again) return result;

            var wait = Wait(node, attempt, run.Random);
            var error = $"{result.Cause}: {result.Reason}";
            run.Append(new StepRetried(node.Id, scope.Attempt, attempt, node.Attempts, run.Clock.GetUtcNow() + wait, error));
            await run.Durable();
            try
            {
                if (wait > TimeSpan.Zero) await Task.Delay(wait, run.Clock, scope.Stop.Token);
            }
            catch (OperationCanceledException)
            {
                return StepResult.Cancelled(node, scope.Stop);
            }
        }
    }

    private static TimeSpan Wait(RetryNode node, int failed, Random random)
    {
        var factor = node.Exponential ? Math.Pow(2, Math.Min(failed - 1, 60)) : 1;
        var wait = TimeSpan.FromTicks((long)Math.Min(node.Delay.Ticks * factor, node.MaxDelay.Ticks));
        return node.Jitter ? wait * (0.5 + random.NextDouble() / 2) : wait;
    }
}
