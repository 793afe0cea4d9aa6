using System.Runtime.CompilerServices;
using Lockstep.Execution.Steps;
using Lockstep.Execution.Steps.Groups;
using Lockstep.Execution.Steps.Leaves;
using Lockstep.Execution.Steps.Patterns;
using Lockstep.Execution.Steps.Wrappers;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution;

/// <summary>The walk over a plan: which code runs which kind of step.</summary>
internal static class Walk
{
    public static async Task<StepResult> Step(PlanNode node, Scope scope, RunContext run)
    {
        if (Known(node, scope, run) is { } end) return StepResult.Of(end);
        if (scope.Stop.Stopped && !HasToEnd(node, scope, run)) return CutOff(node, scope, run);
        run.PassGate(scope);

        // A plan may be deeper than the stack: then the walk goes on from the loop, where the stack is short.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) await Task.Yield();
        StepResult result;
        try
        {
            result = await Dispatch(node, scope, run);
        }
        catch (StepFailedException error)
        {
            result = StepResult.Failure(node, error.Message);
        }
        catch (IOException error)
        {
            result = StepResult.Failure(node, error.Message);
        }
        catch (OperationCanceledException) when (scope.Stop.Stopped)
        {
            result = StepResult.Cancelled(node, scope.Stop);
        }
        catch (OperationCanceledException) when (run.Park.Stopped)
        {
            throw new RunParkedException();
        }

        return Told(result, node, scope, run);
    }

    /// <summary>Whether a step of a run that is to stop has been entered before, by a process that is gone.</summary>
    private static bool HasToEnd(PlanNode node, Scope scope, RunContext run)
        => node is not LeafNode && run.Earlier?.Began(node.Id, scope.Attempt) == true;

    private static StepResult CutOff(PlanNode node, Scope scope, RunContext run)
    {
        var cancelled = StepResult.Cancelled(node, scope.Stop);
        if (run.Earlier?.WasCutOff(node.Id, scope.Attempt) == true)
            run.Append(new StepEnded(node.Id, scope.Attempt, Outcome.Cancelled, null, TimeSpan.Zero, "it was cut off, and the run ends", 0));
        return cancelled;
    }

    /// <summary>How a step ended before, where that is all there is to know of it.</summary>
    private static StepEnded? Known(PlanNode node, Scope scope, RunContext run)
    {
        if (run.Earlier is not { } earlier || scope.Anew || earlier.End(node.Id, scope.Attempt) is not { } end) return null;

        // What a later step uses may have been too long, or too secret, to be kept.
        return end is { Output: null, Outcome: Outcome.Succeeded, OutputBytes: > 0 } && node is LeafNode && run.OutputIsUsed(node) ? null : end;
    }

    /// <summary>A failure that no event tells yet is told by one of the step itself, so that it is the same when the run is resumed.</summary>
    private static StepResult Told(StepResult result, PlanNode node, Scope scope, RunContext run)
    {
        if (result.Order > 0 || result.Outcome is not (Outcome.Failed or Outcome.TimedOut) || result.Cause != node.Id) return result;
        var order = run.Append(new StepEnded(node.Id, scope.Attempt, result.Outcome, result.ExitCode, TimeSpan.Zero, result.Reason, 0));
        return result with { Order = order };
    }

    private static Task<StepResult> Dispatch(PlanNode node, Scope scope, RunContext run) => node switch
    {
        ShellNode shell => ShellStep.Run(shell, scope, run),
        SequenceNode sequence => SequenceStep.Run(sequence, scope, run),
        CallNode call => CallStep.Run(call, scope, run),
        ParallelNode parallel => ParallelStep.Run(parallel, scope, run),
        ChainNode chain => ChainStep.Run(chain, scope, run),
        NeedsNode needs => NeedsStep.Run(needs, scope, run),
        CustomNode custom => CustomStep.Run(custom, scope, run),
        LogNode log => LogStep.Run(log, scope, run),
        TimeoutNode timeout => TimeoutStep.Run(timeout, scope, run),
        RetryNode retry => RetryStep.Run(retry, scope, run),
        EffectNode effect => EffectStep.Run(effect, scope, run),
        LimitNode limit => LimitStep.Run(limit, scope, run),
        WorkdirNode workdir => WorkdirStep.Run(workdir, scope, run),
        EnvironmentNode environment => EnvironmentStep.Run(environment, scope, run),
        ConfirmNode confirm => ConfirmStep.Run(confirm, scope, run),
        DebounceNode debounce => DebounceStep.Run(debounce, scope, run),
        LockNode guarded => LockStep.Run(guarded, scope, run),
        CacheNode cache => CacheStep.Run(cache, scope, run),
        ConditionalNode conditional => ConditionalStep.Run(conditional, scope, run),
        TryCatchNode attempt => TryCatchStep.Run(attempt, scope, run),
        _ => throw new InvalidOperationException($"no step runs a {node.GetType()}"),
    };
}
