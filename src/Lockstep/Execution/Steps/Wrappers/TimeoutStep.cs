using Lockstep.Journal;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class TimeoutStep
{
    public static async Task<StepResult> Run(TimeoutNode node, Scope scope, RunContext run)
    {
        var reason = $"timed out after {HumanDuration.Format(node.Duration)}";
        var started = run.Clock.GetTimestamp();
        using var stop = new StopSignal(scope.Stop);
        var loop = SynchronizationContext.Current;
        run.Append(new TimerStarted(node.Id, scope.Attempt, node.Duration));
        var elapsed = run.Earlier?.Elapsed(node.Id, scope.Attempt) ?? TimeSpan.Zero;
        if (elapsed >= node.Duration) stop.Stop(reason);
        var rest = elapsed < node.Duration ? node.Duration - elapsed : Timeout.InfiniteTimeSpan;
        await using var timer = run.Clock.CreateTimer(_ => Expire(), null, rest, Timeout.InfiniteTimeSpan);
        var result = await run.Walk(node.Body, scope with { Stop = stop });

        // A body that came to a good end just as its time ran out has not been hurt by it.
        if (!stop.StoppedHere || result.Succeeded) return result;
        var order = run.Append(new StepEnded(node.Id, scope.Attempt, Outcome.TimedOut, null, elapsed + run.Clock.GetElapsedTime(started), reason, 0));
        return new StepResult(Outcome.TimedOut, null, reason, node.Id) { Order = order };

        // Timers fire on another thread; everything of a run happens on its own.
        void Expire()
        {
            if (loop is null) stop.Stop(reason);
            else loop.Post(_ => { if (!stop.Stopped) stop.Stop(reason); }, null);
        }
    }
}
