using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;
using Lockstep.Processes.Shell;
using Lockstep.Workspaces;

namespace Lockstep.Execution.Steps.Leaves;

/// <summary>What a leaf's effect asks for before it starts, and when it was started before and nobody knows how far it came.</summary>
internal static class Effects
{
    /// <summary>The variable with the key that is the same each time a keyed step is started.</summary>
    public const string KeyVariable = "LOCKSTEP_STEP_KEY";

    /// <summary>The guardian of a dead lockstep gives its processes 5 s to end, and then kills them.</summary>
    private static readonly TimeSpan UntilGone = TimeSpan.FromSeconds(10);

    /// <summary>Why a leaf starts.</summary>
    public static string Reason(PlanNode node, Scope scope, RunContext run)
    {
        if (run.Earlier is not { } earlier) return "its turn";
        if (scope.Anew && earlier.End(node.Id, scope.Attempt) is not null) return "the pipe it belongs to was cut off, so all of it runs again";
        if (earlier.End(node.Id, scope.Attempt) is { Outcome: Outcome.Succeeded }) return "it ended before; a later step uses what it printed, which was too long or too secret to be kept, so it runs again";
        if (earlier.WasLeftBehind(node.Id, scope.Attempt)) return "it was running where the run was forked from, so it runs again";
        return !earlier.WasCutOff(node.Id, scope.Attempt) ? "its turn" : scope.Effect?.Effect switch
        {
            EffectKind.Pure => "it was cut off; it is pure, so it runs again",
            EffectKind.Keyed => $"it was cut off; it runs again with the same {KeyVariable}",
            EffectKind.Once => "it was cut off, and has not happened",
            _ => "it was cut off; it is idempotent, so it runs again",
        };
    }

    /// <summary>The same text each time a step of a run starts.</summary>
    public static string Key(PlanNode node, Scope scope, RunContext run) => $"{run.Run}/{Name(node, scope)}";

    public static EnvironmentBlock Environment(PlanNode node, Scope scope, RunContext run)
        => scope.Effect?.Effect == EffectKind.Keyed ? scope.Environment.With(KeyVariable, Key(node, scope, run)) : scope.Environment;

    /// <summary>Puts the intent where a power cut can't take it; what may happen only once does not start where that can't be had.</summary>
    /// <returns>The failure of a step that does not start; null for one that does.</returns>
    public static async ValueTask<StepResult?> RecordIntent(PlanNode node, Scope scope, RunContext run)
    {
        if (scope.Effect?.Effect is not (EffectKind.Once or EffectKind.Keyed)) return null;
        if (await run.OnDisk() is { } lost && scope.Effect.Effect == EffectKind.Once)
            return StepResult.Failure(node, $"it may happen only once, and that it starts can't be recorded: {lost}");
        run.OnceSteps[Name(node, scope)] = OnceStep.Started;
        run.EffectAnswers.Remove(node.Id);
        return null;
    }

    /// <summary>
    /// Takes the lock that all processes of the step will hold with us: as long as one of an earlier start lives, however it was left behind, nobody can
    /// say whether the effect is there.
    /// </summary>
    /// <exception cref="RunParkedException">Such processes still live after a while.</exception>
    public static async ValueTask<MachineLock?> Hold(PlanNode node, Scope scope, RunContext run)
    {
        if (scope.Effect?.Effect is not (EffectKind.Once or EffectKind.Keyed)) return null;
        var name = Key(node, scope, run);
        using var ends = run.WaitOf(scope);
        var holder = new LockHolder(run.Run.Text, System.Environment.ProcessId, run.Plan.Command, run.Clock.GetUtcNow());
        try
        {
            if (await run.Machine.AcquireLock(name, holder, UntilGone, Waiting, ends.Token) is LockHeld held) return held.Lock;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (scope.Effect.Effect == EffectKind.Keyed) return null;
            throw new StepFailedException($"it may happen only once, and the lock that tells its processes can't be kept: {error.Message.TrimEnd('.')}");
        }

        run.ParkFor(node.Id, $"processes of an earlier start of {node.Id} still run");
        throw new RunParkedException();

        void Waiting(LockHolder? other) => run.Append(new LockWaited(node.Id, scope.Attempt, name, "processes of its earlier start"));
    }

    /// <summary>Finds out whether what may happen only once has happened: the result, when it has; null when it has not and may start.</summary>
    /// <exception cref="RunParkedException">Nobody knows: a person has to say.</exception>
    public static async ValueTask<StepResult?> Settled(PlanNode node, Scope scope, RunContext run)
    {
        if (scope.Effect is not { Effect: EffectKind.Once } effect) return null;
        switch (run.OnceSteps.GetValueOrDefault(Name(node, scope)))
        {
            case OnceStep.New:
                return null;
            case OnceStep.Done:
                return Done(node, scope, run, "it has happened before, and may only once");
        }

        var check = Answered(node, run) ?? await Verified(node, effect, scope, run);
        if (scope.Stop.Stopped) return StepResult.Cancelled(node, scope.Stop);
        switch (check.Finding)
        {
            case EffectFinding.NotDone:
                run.OnceSteps[Name(node, scope)] = OnceStep.New;
                return null;
            case EffectFinding.Done:
                return Done(node, scope, run, check.Reason);
            default:
                Ask(node, check, run);
                throw new RunParkedException();
        }
    }

    /// <summary>Whether it is known, or not asked, what happened to a step; what is found out stays for when its turn comes.</summary>
    public static async ValueTask<bool> IsKnown(PlanNode node, Scope scope, RunContext run)
    {
        if (scope.Effect is not { Effect: EffectKind.Once } effect || run.EffectAnswers.ContainsKey(node.Id)) return true;
        if (run.OnceSteps.GetValueOrDefault(Name(node, scope)) != OnceStep.Started) return true;

        using var hold = await Hold(node, scope, run);
        var check = await Verified(node, effect, scope, run);
        if (scope.Stop.Stopped) return true;
        if (check.Finding == EffectFinding.Unknown)
        {
            Ask(node, check, run);
            return false;
        }

        run.EffectAnswers[node.Id] = check;
        return true;
    }

    private static void Ask(PlanNode node, EffectChecked check, RunContext run)
        => run.ParkFor(node.Id, $"{node.Id} may happen only once, was started, and nobody knows how far it came: {check.Reason}");

    /// <summary>Notes how a step ended, for the next time that it is to start.</summary>
    public static void Ended(PlanNode node, Scope scope, RunContext run, StepResult result)
    {
        if (scope.Effect?.Effect == EffectKind.Once && result.Succeeded) run.OnceSteps[Name(node, scope)] = OnceStep.Done;
    }

    private static StepResult Done(PlanNode node, Scope scope, RunContext run, string reason)
    {
        var order = run.Append(new StepEnded(node.Id, scope.Attempt, Outcome.Succeeded, 0, TimeSpan.Zero, reason, 0));
        run.OnceSteps[Name(node, scope)] = OnceStep.Done;
        return StepResult.Success with { Order = order };
    }

    /// <summary>Each round of a watch is meant anew.</summary>
    private static string Name(PlanNode node, Scope scope) => scope.Round.Length == 0 ? node.Id.Path : $"{node.Id}/{scope.Round}";

    private static EffectChecked? Answered(PlanNode node, RunContext run)
        => run.EffectAnswers.Remove(node.Id, out var answer) ? answer : null;

    private static async Task<EffectChecked> Verified(PlanNode node, EffectNode effect, Scope scope, RunContext run)
    {
        var check = effect.Verify is null
            ? Found(EffectFinding.Unknown, "it has no verify command")
            : await Verify(node, effect, scope, run) switch
            {
                0 => Found(EffectFinding.Done, "it has happened: the verify command ended with 0"),
                1 => Found(EffectFinding.NotDone, "it has not happened: the verify command ended with 1"),
                { } code => Found(EffectFinding.Unknown, $"the verify command ended with {code}, which is neither 0 (it has happened) nor 1 (it has not)"),
                null => Found(EffectFinding.Unknown, "the verify command can't be started"),
            };
        if (!scope.Stop.Stopped) run.Append(check);
        return check;

        EffectChecked Found(EffectFinding finding, string reason) => new(node.Id, scope.Attempt, finding, effect.Verify is null ? "lockstep" : "verify", reason);
    }

    private static async Task<int?> Verify(PlanNode node, EffectNode effect, Scope scope, RunContext run)
    {
        var pieces = await run.Pieces(effect.Verify!, scope);
        if (run.Machine.Prepare(pieces, scope) is not ShellCommand.Ready command) return null;
        try
        {
            await using var fence = scope.Limits is { } limits ? run.Machine.Limiter?.Fence(limits) : null;
            var spec = new ProcessSpec(command.Executable, command.Arguments)
            {
                Name = command.Name,
                Directory = scope.Directory,
                Environment = scope.Environment,
                Input = InputFrom.Nothing,
                StragglerGrace = run.Grace,
            };
            var process = run.Machine.Start(new StepProcess(node, scope, pieces, fence?.Around(spec) ?? spec, Verifies: true));
            using var stopped = scope.Stop.Token.Register(process.Kill);
            return (await process.Exit).ShellCode;
        }
        catch (ProcessStartException)
        {
            return null;
        }
    }
}
