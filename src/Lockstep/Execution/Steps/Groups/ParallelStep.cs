using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps.Groups;

internal static class ParallelStep
{
    public static async Task<StepResult> Run(ParallelNode node, Scope scope, RunContext run)
    {
        using var stop = new StopSignal(scope.Stop);
        var inner = scope with { Stop = stop, Concurrent = true };
        var limit = node.LimitOn(run.Machine.Processors);
        var running = new List<Task<StepResult>>(Math.Min(limit, node.Branches.Length));
        StepResult? first = null;
        StepResult? cancelled = null;
        var failures = 0;
        var latest = 0L;
        var parked = false;
        var told = false;
        var next = 0;

        while (true)
        {
            while (running.Count < limit && next < node.Branches.Length && MayStart())
                running.Add(run.Walk(node.Branches[next++], inner));
            if (!told && next < node.Branches.Length && MayStart() && !running.Exists(branch => branch.IsCompleted)) TellWhoWaits();
            if (running.Count == 0) break;
            await Task.WhenAny(running);
            var ended = Earliest(running);
            running.Remove(ended);
            if (ended is { IsFaulted: true, Exception.InnerException: RunParkedException }) parked = true;
            else Note(await ended);
        }

        if (parked) throw new RunParkedException();

        var allStarted = next == node.Branches.Length;
        for (; next < node.Branches.Length; next++)
            run.Append(new StepSkipped(node.Branches[next].Id, scope.Attempt, NotStarted()));
        if ((first ?? cancelled) is { } failure) return failure with { Reason = Summary(failure) };
        return allStarted ? StepResult.Success with { Order = latest } : StepResult.Cancelled(node, scope.Stop);

        void TellWhoWaits()
        {
            told = true;
            var many = node.Concurrency is null ? $"{limit} may run at once on this machine" : $"the plan lets {limit} run at once";
            run.Append(new BranchesWaited(node.Id, scope.Attempt, limit, node.Branches.Length - next, many));
        }

        // What was decided about a branch before a resume stays decided.
        bool MayStart()
        {
            if (parked) return false;
            if (run.Earlier?.Began(node.Branches[next].Id, scope.Attempt) == true) return true;
            if (run.Earlier?.WasSkipped(node.Branches[next].Id, scope.Attempt) == true) return CallStep.IsThere(node.Branches[next], scope, run);
            return !scope.Stop.Stopped && ((first ?? cancelled) is null || node.Mode == ParallelMode.All);
        }

        void Note(StepResult result)
        {
            latest = Math.Max(latest, result.Order);
            if (result.Succeeded) return;
            failures++;

            // A resumed run may come by what a failure ended before it comes by that failure, which has yet to be taken over from the journal and not to be stopped.
            if (run.Earlier is not null && result.Outcome == Outcome.Cancelled && !stop.Stopped)
            {
                cancelled ??= result;
                return;
            }

            // In a resumed run the failures of before are found in the order in which the walk comes by them, and what they ended among them.
            if (first is not { } known || (result.Order > 0 && result.Order < known.Order)) first = result;
            if (node.Mode == ParallelMode.Immediate) stop.Stop($"{result.Cause} failed beside it");
        }

        string NotStarted() => scope.Stop.Stopped ? scope.Stop.Reason ?? "cancelled" : $"{(first ?? cancelled)?.Cause} failed beside it";

        string? Summary(StepResult failure) => failures == 1 ? failure.Reason : $"{failure.Reason} (and {failures - 1} more)";
    }

    /// <summary>Of the branches that have ended, the one that ended first. What the journal knows of a resumed run is there at once.</summary>
    private static Task<StepResult> Earliest(List<Task<StepResult>> running)
    {
        Task<StepResult>? earliest = null;
        foreach (var task in running)
        {
            if (!task.IsCompleted) continue;
            if (earliest is null || !task.IsCompletedSuccessfully || (earliest.IsCompletedSuccessfully && task.Result.ComesBefore(earliest.Result))) earliest = task;
        }
        return earliest!;
    }
}
