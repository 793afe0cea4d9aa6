using Lockstep.Execution.Steps.Leaves;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Execution.Steps.Groups;

internal static class ChainStep
{
    public static async Task<StepResult> Run(ChainNode node, Scope scope, RunContext run)
    {
        if (node.AppendTo is not { } file) return await Links(node, scope, run);

        var path = await run.Path(file, scope);
        PipeEnd end;
        try
        {
            end = run.Machine.AppendTo(path.Path);
        }
        catch (IOException error)
        {
            return StepResult.Failure(node, $"can't append to {path.Shown}: {path.Because(error)}");
        }
        using (end) return await Links(node, scope with { Output = end }, run);
    }

    private static Task<StepResult> Links(ChainNode node, Scope scope, RunContext run) => node.Operator switch
    {
        ChainOperator.And or ChainOperator.Or => OneAfterTheOther(node, scope, run),
        ChainOperator.Pipe => Piped(node, scope, run),
        _ => throw new InvalidOperationException($"no such operator: {node.Operator}"),
    };

    private static async Task<StepResult> OneAfterTheOther(ChainNode node, Scope scope, RunContext run)
    {
        var result = StepResult.Success;
        for (var i = 0; i < node.Links.Length; i++)
        {
            if (i > 0) await run.Durable();
            result = await run.Walk(node.Links[i], scope);
            var goesOn = node.Operator == ChainOperator.And ? result.Succeeded : result.Outcome is Outcome.Failed or Outcome.TimedOut;
            if (goesOn) continue;
            var why = node.Operator == ChainOperator.And ? "did not succeed" : "did not fail";
            for (var rest = i + 1; rest < node.Links.Length; rest++)
                run.Append(new StepSkipped(node.Links[rest].Id, scope.Attempt, $"{node.Links[i].Id} {why}"));
            break;
        }
        return result;
    }

    /// <summary>All links at once, each reading what the one before it prints. It fails if any link fails, with the last failure's code.</summary>
    private static async Task<StepResult> Piped(ChainNode node, Scope outer, RunContext run)
    {
        run.PassGate(outer);

        // Its links run at once or not at all, so they count as one.
        using var place = run.Slots is { } slots && !outer.Piped ? await slots.Take(node, outer, run) : null;

        await EffectsAhead.Settle(node, outer, run);

        // What went through the pipe is not kept: one whose end is not in the journal runs as a whole.
        using var stop = new StopSignal(outer.Stop);
        var scope = outer with { Piped = true, Anew = run.Earlier is not null, Stop = stop };
        var started = run.Clock.GetTimestamp();
        var last = node.Links.Length - 1;
        var pipes = new List<(PipeEnd Read, PipeEnd Write)>(last);
        try
        {
            while (pipes.Count < last) pipes.Add(run.Machine.CreatePipe());
        }
        catch (IOException error)
        {
            foreach (var (read, write) in pipes) { read.Dispose(); write.Dispose(); }
            return StepResult.Failure(node, error.Message);
        }
        var results = await Task.WhenAll(node.Links.Select((link, i) =>
        {
            var (read, write) = (i == 0 ? null : pipes[i - 1].Read, i == last ? null : pipes[i].Write);
            return Link(link, scope with { Input = read ?? scope.Input, Output = write ?? scope.Output, Concurrent = true }, read, write);
        }));
        var failed = Array.FindLast(results, result => !result.Succeeded);
        var piped = failed == default ? StepResult.Success : failed with { Cause = Array.Find(results, result => !result.Succeeded).Cause };
        if (piped.Outcome == Outcome.Cancelled) return piped;
        var order = run.Append(new StepEnded(
            node.Id, outer.Attempt, piped.Outcome, piped.ExitCode, run.Clock.GetElapsedTime(started), piped.Reason, 0, null, piped.Cause));
        return piped with { Order = order };

        // Our copies of a link's ends are closed when it ends: its reader must see the end, its writer the broken pipe.
        async Task<StepResult> Link(PlanNode link, Scope inner, PipeEnd? read, PipeEnd? write)
        {
            try
            {
                return await run.Walk(link, inner);
            }
            catch (RunParkedException)
            {
                // Whoever reads from it must not take this for its end.
                stop.Stop("paused");
                throw;
            }
            finally
            {
                write?.Dispose();
                read?.Dispose();
            }
        }
    }
}
