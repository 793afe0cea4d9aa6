using System.Text;
using Lockstep.Journal;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Execution.Steps.Leaves;

internal static class CustomStep
{
    public static async Task<StepResult> Run(CustomNode node, Scope scope, RunContext run)
    {
        var parameters = await Parameters(node, scope, run);
        using var place = run.Slots is { } slots && !scope.Piped ? await slots.Take(node, scope, run) : null;
        if (scope.Stop.Stopped) return StepResult.Cancelled(node, scope.Stop);

        using var hold = await Effects.Hold(node, scope, run);
        if (await Effects.Settled(node, scope, run) is { } settled) return settled;
        if (scope.Stop.Stopped) return StepResult.Cancelled(node, scope.Stop);
        run.PassGate(scope);

        var started = run.Clock.GetTimestamp();
        run.Append(new StepStarted(node.Id, scope.Attempt, node.Type, Effects.Reason(node, scope, run)));
        if (await Effects.RecordIntent(node, scope, run) is { } refused) return refused;
        var output = run.Output(node, scope);
        var result = await Call(node, scope, run, parameters, output);
        var (bytes, text) = output.Complete();
        var order = run.Append(new StepEnded(
            node.Id, scope.Attempt, result.Outcome, result.ExitCode, run.Clock.GetElapsedTime(started), result.Reason, bytes, text));
        Effects.Ended(node, scope, run, result);
        return result with { Order = order };
    }

    private static async ValueTask<IReadOnlyDictionary<string, string>> Parameters(CustomNode node, Scope scope, RunContext run)
    {
        if (node.Parameters.IsEmpty) return System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
        var parameters = new Dictionary<string, string>(node.Parameters.Length, StringComparer.Ordinal);
        foreach (var parameter in node.Parameters) parameters[parameter.Name] = await run.Text(parameter.Text, scope);
        return parameters;
    }

    private static async ValueTask<StepResult> Call(
        CustomNode node, Scope scope, RunContext run, IReadOnlyDictionary<string, string> parameters, StepOutput output)
    {
        var loop = SynchronizationContext.Current;
        var over = false;
        var onItsWay = false;
        var call = new CustomStepCall(node.Id.Path, scope.Attempt, Effects.Key(node, scope, run), scope.Directory, parameters, Print);
        try
        {
            var result = await run.CallCustom(node.Type, call, scope.Stop.Token);

            // What another thread printed is on its way to this one, and before this.
            if (Volatile.Read(ref onItsWay)) await Task.Yield();
            if (result is null) return StepResult.Failure(node, $"this program has no step of the type '{node.Type}'; register it with CustomSteps.With");
            if (result.Error is null) return StepResult.Success;
            return scope.Stop.Stopped ? StepResult.Cancelled(node, scope.Stop) : StepResult.Failure(node, result.Error, result.ExitCode);
        }
        catch (OperationCanceledException) when (scope.Stop.Stopped)
        {
            return StepResult.Cancelled(node, scope.Stop);
        }
        catch (Exception error) when (error is not RunParkedException)
        {
            return StepResult.Failure(node, $"{error.GetType().Name}: {error.Message}");
        }
        finally
        {
            over = true;
        }

        void Print(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            if (bytes.Length == 0) return;
            if (loop is null || SynchronizationContext.Current == loop) Write(bytes);
            else Send(loop, bytes);
        }

        void Send(SynchronizationContext to, byte[] bytes)
        {
            Volatile.Write(ref onItsWay, true);
            to.Post(_ => Write(bytes), null);
        }

        void Write(byte[] bytes)
        {
            if (!over) output.Write(OutputStream.Output, bytes);
        }
    }
}
