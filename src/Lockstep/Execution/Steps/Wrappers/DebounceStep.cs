using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Workspaces;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Execution.Steps.Wrappers;

internal static class DebounceStep
{
    /// <summary>In a watch, the body starts anew after each change; elsewhere it runs once.</summary>
    public static async Task<StepResult> Run(DebounceNode node, Scope scope, RunContext run)
    {
        if (run.Plan.Mode != PlanMode.Watch) return await run.Walk(node.Body, scope);

        if (GlobSet.Parse([node.Pattern], out var error) is not { } pattern)
            return StepResult.Failure(node, $"the pattern '{node.Pattern}' can't be read: {error}");
        using var changes = new FileChanges(scope.Directory, pattern, node.Delay, run.Clock);
        using var ends = run.WaitOf(scope);
        var first = 1;
        if (run.Earlier is { } earlier)
        {
            // Files may have changed while nobody looked.
            first = earlier.Round(node.Id, scope.Attempt) + 1;
            run.Append(new StepRestarted(node.Id, scope.Attempt, first, [], "the watch was resumed"));
        }

        for (var round = first; ; round++)
        {
            using var stop = new StopSignal(scope.Stop);
            var attempt = scope.Attempt.Length == 0 ? $"{round}" : $"{scope.Attempt}.{round}";
            var changed = changes.NextAsync(ends.Token);
            var body = Round(node.Body, scope with { Stop = stop, Attempt = attempt, Round = attempt }, run);
            try
            {
                // A body that ends by itself waits for the next change; one still running is ended by it.
                var files = await changed;
                stop.Stop(files.ToString());
                await body;
                run.Append(new StepRestarted(node.Id, scope.Attempt, round + 1, files.Files, files.ToString()));
            }
            catch (OperationCanceledException)
            {
                await body;
                return scope.Stop.Stopped ? StepResult.Cancelled(node, scope.Stop) : throw new RunParkedException();
            }
            catch (IOException blind)
            {
                stop.Stop(blind.Message);
                await body;
                return StepResult.Failure(node, blind.Message);
            }
        }
    }

    /// <summary>A round that failed is told as such: the watch goes on, and nothing else says that it did.</summary>
    private static async Task<StepResult> Round(PlanNode body, Scope scope, RunContext run)
    {
        var started = run.Clock.GetTimestamp();
        var result = await run.Walk(body, scope);
        if (result.Outcome is Outcome.Failed or Outcome.TimedOut && result.Cause != body.Id && body is not ChainNode { Operator: ChainOperator.Pipe })
            run.Append(new StepEnded(body.Id, scope.Attempt, result.Outcome, result.ExitCode, run.Clock.GetElapsedTime(started), result.Reason, 0, null, result.Cause));
        return result;
    }
}
