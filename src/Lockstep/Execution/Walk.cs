using System.Runtime.CompilerServices;
using Lockstep.Execution.Steps;
using Lockstep.Execution.Steps.Groups;
using Lockstep.Execution.Steps.Leaves;
using Lockstep.Execution.Steps.Patterns;
using Lockstep.Execution.Steps.Wrappers;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution;

/// <summary>The walk over a plan: which code runs which kind of step.</summary>
internal static class Walk
{
    public static async Task<StepResult> Step(PlanNode node, Scope scope, RunContext run)
    {
        if (scope.Stop.Stopped) return StepResult.Cancelled(node, scope.Stop);

        // A plan may be deeper than the stack: then the walk goes on from the loop, where the stack is short.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) await Task.Yield();
        try
        {
            return await Dispatch(node, scope, run);
        }
        catch (StepFailedException error)
        {
            return StepResult.Failure(node, error.Message);
        }
        catch (IOException error)
        {
            return StepResult.Failure(node, error.Message);
        }
        catch (OperationCanceledException) when (scope.Stop.Stopped)
        {
            return StepResult.Cancelled(node, scope.Stop);
        }
    }

    private static Task<StepResult> Dispatch(PlanNode node, Scope scope, RunContext run) => node switch
    {
        ShellNode shell => ShellStep.Run(shell, scope, run),
        SequenceNode sequence => SequenceStep.Run(sequence, scope, run),
        CallNode call => CallStep.Run(call, scope, run),
        ParallelNode parallel => ParallelStep.Run(parallel, scope, run),
        ChainNode chain => ChainStep.Run(chain, scope, run),
        NeedsNode needs => NeedsStep.Run(needs, scope, run),
        LogNode log => LogStep.Run(log, scope, run),
        TimeoutNode timeout => TimeoutStep.Run(timeout, scope, run),
        RetryNode retry => RetryStep.Run(retry, scope, run),
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
