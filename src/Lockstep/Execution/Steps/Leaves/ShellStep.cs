using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;
using Lockstep.Processes.Limits;
using Lockstep.Processes.Shell;
using Lockstep.Source;
using Lockstep.Workspaces;

namespace Lockstep.Execution.Steps.Leaves;

internal static class ShellStep
{
    public static async Task<StepResult> Run(ShellNode node, Scope scope, RunContext run)
    {
        var pieces = await run.Pieces(node.Text, scope);
        using var place = run.Slots is { } slots && !scope.Piped ? await slots.Take(node, scope, run) : null;
        if (scope.Stop.Stopped) return StepResult.Cancelled(node, scope.Stop);

        using var hold = await Effects.Hold(node, scope, run);
        if (await Effects.Settled(node, scope, run) is { } settled) return settled;
        if (scope.Stop.Stopped) return StepResult.Cancelled(node, scope.Stop);
        run.PassGate(scope);

        await using var fence = scope.Limits is { } limits ? run.Machine.Limiter?.Fence(limits) : null;
        var started = run.Clock.GetTimestamp();
        var reason = Limited.Started(Effects.Reason(node, scope, run), scope.Limits, fence);
        run.Append(new StepStarted(node.Id, scope.Attempt, Shown(node, pieces, run), reason));
        if (await Effects.RecordIntent(node, scope, run) is { } refused) return refused;
        var output = run.Output(node, scope);
        var result = Limited.Ended(await Execute(node, scope, run, pieces, output, hold, fence), scope.Limits, fence);
        var (bytes, text) = output.Complete();
        var order = run.Append(new StepEnded(
            node.Id, scope.Attempt, result.Outcome, result.ExitCode, run.Clock.GetElapsedTime(started), result.Reason, bytes, text));
        Effects.Ended(node, scope, run, result);
        return result with { Order = order };
    }

    private static async Task<StepResult> Execute(ShellNode node, Scope scope, RunContext run, ShellPiece[] pieces, StepOutput output, MachineLock? hold, StepFence? fence)
    {
        var command = run.Machine.Prepare(pieces, scope);
        switch (command)
        {
            case ShellCommand.Unstartable unstartable:
                return StepResult.Failure(node, unstartable.Reason, unstartable.ExitCode);
            case ShellCommand.BadValue bad:
                return StepResult.Failure(node, bad.Reason);
        }
        try
        {
            var spec = Spec(node, (ShellCommand.Ready)command, scope, run, output) with { Held = hold?.Handle };
            return await Ended(new StepProcess(node, scope, pieces, fence?.Around(spec) ?? spec), run);
        }
        catch (ProcessStartException error)
        {
            return StepResult.Failure(node, error.Message, error.ShellCode);
        }
    }

    private static ProcessSpec Spec(ShellNode node, ShellCommand.Ready command, Scope scope, RunContext run, StepOutput output)
        => new(command.Executable, command.Arguments)
        {
            Name = command.Name,
            Directory = scope.Directory,
            Environment = Effects.Environment(node, scope, run),
            Terminal = run.Streams.Terminal && scope is { Concurrent: false, Output: null, Input: null },
            Input = scope.Input is { } input ? InputFrom.Handle(input.Handle)
                : run.Streams.Input && !scope.Concurrent ? InputFrom.Inherited
                : InputFrom.Nothing,
            Output = scope.Output is { } target ? OutputTo.Handle(target.Handle) : OutputTo.Captured,
            Errors = scope.Output is null && run.Streams.OnePipe ? OutputTo.WithOutput : OutputTo.Captured,
            OnOutput = output.Write,
            StragglerGrace = run.Grace,
        };

    private static async Task<StepResult> Ended(StepProcess asked, RunContext run)
    {
        var (node, scope) = (asked.Step, asked.Scope);
        Task? ending = null;
        var typed = false;
        var process = run.Machine.Start(asked with { Spec = asked.Spec with { OnInterrupt = Typed } });
        using var registration = scope.Stop.Token.Register(() => ending = process.EndAsync(run.Grace));
        using var abandoned = run.Abandon.Token.Register(process.Kill);
        var exit = await process.Exit;
        // However a program answers the request to end, it has not done what it was started for.
        if (ending is not null) return StepResult.Cancelled(node, scope.Stop);
        if (typed && exit.Interrupted) return await Interrupted(node, run);
        return exit switch
        {
            { Succeeded: true } => StepResult.Success,
            { Code: { } code } => StepResult.Failure(node, Reason(code), code),
            _ => StepResult.Failure(node, $"ended by signal {SignalName.Of(exit.Signal.GetValueOrDefault())}", exit.ShellCode),
        };

        // As in a shell, the key is the program's on its own terminal: many go on after it, and what dies of it takes the run along.
        void Typed()
        {
            typed = true;
            if (run.Interrupted.Stopped) run.Interrupt();
        }
    }

    private static async Task<StepResult> Interrupted(PlanNode node, RunContext run)
    {
        if (!run.Interrupted.Stopped) run.Interrupt();

        // The run hears of it by a post, and is interrupted before its step has ended.
        await Task.Yield();
        return StepResult.Cancelled(node, run.Interrupted);
    }

    private static string Reason(int code) => code switch
    {
        126 => "exit code 126: a program is not executable",
        127 => "exit code 127: a program was not found",
        141 => "exit code 141: a part of a pipe went on writing after its reader had stopped",
        _ => $"exit code {code}",
    };

    /// <summary>As <see cref="Templates.Shown"/>, with values quoted as the shell gets them.</summary>
    private static string Shown(ShellNode node, ShellPiece[] pieces, RunContext run) => run.Redact(pieces is [var only] && only.Kind == PieceKind.Code
        ? only.Text
        : string.Concat(pieces.Select((piece, i) => node.Text.Pieces[i] switch
        {
            ValueUse use when run.Plan.Values[use.Value].Sensitive => RedactedText.Mark,
            ValueUse use => ShownValue.Of(piece.Text, use.Quoting),
            _ => piece.Text,
        })));
}
