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
            var known = run.Earlier?.Retry(node.Id, scope.Attempt, attempt);
            var again = result.Outcome is Outcome.Failed or Outcome.TimedOut && attempt < node.Attempts && (known is not null || !scope.Stop.Stopped);
            if (!again) return result;

            var wait = known is null ? Wait(node, attempt, run.Random) : Rest(known, run.Clock.GetUtcNow());
            if (known is null)
            {
                var error = $"{result.Cause}: {result.Reason}";
                run.Append(new StepRetried(node.Id, scope.Attempt, attempt, node.Attempts, run.Clock.GetUtcNow() + wait, error));
                await run.Durable();
            }

            if (wait <= TimeSpan.Zero) continue;
            using var ends = run.WaitOf(scope);
            await Task.Delay(wait, run.Clock, ends.Token);
        }
    }

    /// <summary>A wait is over at the moment it was to be over, whatever happened in between; a clock set back makes it no longer than it was.</summary>
    private static TimeSpan Rest(StepRetried known, DateTimeOffset now)
    {
        var whole = known.Due - known.At;
        var rest = known.Due - now;
        return rest < whole ? rest : whole;
    }

    private static TimeSpan Wait(RetryNode node, int failed, Random random)
    {
        var factor = node.Exponential ? Math.Pow(2, Math.Min(failed - 1, 60)) : 1;
        var wait = TimeSpan.FromTicks((long)Math.Min(node.Delay.Ticks * factor, node.MaxDelay.Ticks));
        return node.Jitter ? wait * (0.5 + random.NextDouble() / 2) : wait;
    }
}
