using Lockstep.Execution.Steps;
using Lockstep.Execution.Steps.Groups;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;
using Lockstep.Values;

namespace Lockstep.Execution;

/// <summary>All that one run needs of the world.</summary>
internal sealed record RunRequest
{
    public required Plan Plan { get; init; }

    public required RunId Run { get; init; }

    /// <summary>What begins the run; of a resumed or forked run, what goes on with it, which has a number where the journal has it.</summary>
    public required RunEvent Start { get; init; }

    /// <summary>What the journal holds of a resumed or forked run; empty for a new one.</summary>
    public IReadOnlyList<RunEvent> Before { get; init; } = [];

    public required IRunJournal Journal { get; init; }

    public required TimeProvider Clock { get; init; }

    public required Random Random { get; init; }

    /// <summary>How many of its commands may run at once; null, the default, for no limit.</summary>
    public int? Jobs { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>Resolves any value but <c>@output</c>.</summary>
    public required Func<PlannedValue, CancellationToken, Task<ValueResolution>> Resolve { get; init; }

    public required EnvironmentBlock Environment { get; init; }

    public required StreamPlan Streams { get; init; }

    /// <summary>Asks a person for a step that has to be confirmed, with a message.</summary>
    public required Func<ConfirmNode, string, CancellationToken, Task<(bool Granted, string By)>> Confirm { get; init; }

    public required RunControl Control { get; init; }

    /// <summary>Fails when something of the run threw where no step waits for it; null where nothing tells.</summary>
    public Task? Broken { get; init; }

    public CustomSteps Steps { get; init; } = CustomSteps.None;

    public Action<RunEvent>? OnEvent { get; init; }

    public OutputObserver? OnOutput { get; init; }

    /// <summary>Whether results are taken from <c>@cache</c>.</summary>
    public bool UseCache { get; init; } = true;
}

/// <summary>Executes a plan: walks it, and tells the journal what happens.</summary>
internal static class Engine
{
    /// <returns>The event that ended the run, or the one that made it stand still.</returns>
    public static async Task<RunEvent> Execute(RunRequest request)
    {
        var started = request.Clock.GetTimestamp();
        var earlier = request.Start switch
        {
            RunResumed resumed => Earlier.Of(request.Before, resumed.AliveUntil, BodyOf),
            RunForked => Earlier.AtFork(request.Before, BodyOf),
            _ => null,
        };
        var secrets = new RunSecrets(request.Plan);
        var recorder = new Recorder(request.Journal, request.Clock, secrets, request.OnEvent, earlier?.Last ?? 0);
        recorder.Begin(request.Start);

        using var control = new EngineControl(recorder, request.Journal);
        var run = Context(request, recorder, secrets, control, earlier);
        var loop = SynchronizationContext.Current!;
        if (request.Before.OfType<RunInterrupted>().LastOrDefault() is { } interrupted) control.Restore(interrupted);
        request.Control.Attach(() => loop.Post(_ => TakeWhatIsAsked(), null));

        var scope = new Scope { Directory = request.Plan.Context.Directory, Environment = request.Environment, Stop = control.Stop };
        try
        {
            // What was asked before the run begins, it does before its first step.
            if (earlier is not null) await Task.Yield();
            var result = control.Ended(await Unbroken(Walk.Step(request.Plan.Root, scope, run)));
            return await End(result.Outcome, ExitCode.Of(result), result.Cause, result.Reason);
        }
        catch (RunParkedException)
        {
            // What comes from here on is for whoever goes on with the run.
            request.Control.Detach(goesOn: true);
            var paused = recorder.Append(control.Paused());
            await request.Journal.Flush();
            return paused;
        }
        catch (Exception defect)
        {
            control.BreakOff();
            await End(Outcome.Failed, ExitCode.Internal, null, $"an error in lockstep itself: {defect.Message}");
            throw;
        }
        finally
        {
            request.Control.Detach(goesOn: false);
        }

        void TakeWhatIsAsked()
        {
            while (request.Control.TryTake() is { } asked) control.Take(asked, run);
        }

        PlanNode BodyOf(string command) => CallStep.BodyOf(command, request.Plan);

        // What threw may have been what the walk waits for.
        async Task<StepResult> Unbroken(Task<StepResult> walk)
        {
            if (request.Broken is { } broken && await Task.WhenAny(walk, broken) == broken) await broken;
            return await walk;
        }

        async Task<RunEvent> End(Outcome outcome, int exitCode, StepId? cause, string? reason)
        {
            control.Close();
            var duration = (earlier?.Executed ?? TimeSpan.Zero) + request.Clock.GetElapsedTime(started);

            // Who asked for the end is its cause, and no step.
            var ended = recorder.Append(new RunEnded(outcome, exitCode, duration, outcome is Outcome.Cancelled or Outcome.Stopped ? null : cause, reason));
            await request.Journal.Flush();
            return ended;
        }
    }

    private static RunContext Context(RunRequest request, Recorder recorder, RunSecrets secrets, EngineControl control, Earlier? earlier)
    {
        var captures = new StepCaptures(request.Plan);
        RunContext run = null!;
        var values = new RunValues(request.Plan, request.Resolve, captures, secrets, Append, scope => run.PassGate(scope), control.Abandon);
        var outputs = new RunOutputs(request.Journal, secrets, captures, request.OnOutput);
        run = new RunContext
        {
            Plan = request.Plan,
            Run = request.Run,
            Clock = request.Clock,
            Random = request.Random,
            Walk = (node, scope) => Walk.Step(node, scope, run),
            Append = Append,
            Durable = Durable,
            OnDisk = OnDisk,
            Earlier = earlier,
            Park = control.Park,
            ParkFor = (step, reason) => control.ParkFor(step, reason),
            Value = values.Text,
            Redact = secrets.Redact,
            Machine = request.Machine,
            CallCustom = request.Steps.Call,
            Slots = StepSlots.Of(request.Jobs, request.Machine.Slots),
            Output = outputs.Open,
            OutputIsUsed = captures.Uses,
            Confirm = Confirm,
            UseCache = request.UseCache,
            Streams = request.Streams,
            Abandon = control.Abandon,
            Interrupt = () => request.Control.Interrupt("Ctrl-C"),
            Interrupted = control.Stop,
        };
        foreach (var happened in request.Before) Restore(happened);
        return run;

        async Task<(bool Granted, string By)> Confirm(ConfirmNode node, string message, CancellationToken cancel)
        {
            try
            {
                return await request.Confirm(node, secrets.Redact(message), cancel);
            }
            catch (NobodyToAskException nobody)
            {
                // What has been done of a run that goes on, or is to, is worth more than an answer at once.
                var mayWait = request.Start is RunResumed || control.Park.Stopped;
                if (!mayWait || control.Stop.Stopped) return (false, $"nobody: {nobody.Message}");
                control.ParkFor(null, $"{node.Id} asks \"{message}\", and {nobody.Message}");
                throw new RunParkedException();
            }
        }

        long Append(RunEvent happened) => earlier?.Knows(happened) == true ? 0 : recorder.Append(happened).Sequence;

        ValueTask Durable()
        {
            var flushed = request.Journal.Flush();
            if (!flushed.IsCompletedSuccessfully) return Awaited(flushed);
            StopWhereTakenOver();
            return flushed;
        }

        async ValueTask Awaited(ValueTask flushed)
        {
            await flushed;
            StopWhereTakenOver();
        }

        async ValueTask<string?> OnDisk()
        {
            var lost = await request.Journal.Sync();
            StopWhereTakenOver();
            return lost;
        }

        // Before anything else is started, and not when its message comes round.
        void StopWhereTakenOver()
        {
            if (request.Journal.TakenOver) control.Take(new InterruptRequest("another process, which has taken the run over", AtOnce: true), run);
        }

        void Restore(RunEvent happened)
        {
            switch (happened)
            {
                case ValueWasResolved value:
                    values.Restore(value);
                    break;
                case EffectChecked { Finding: not EffectFinding.Unknown } check:
                    run.EffectAnswers[check.Step] = check;
                    break;
                case StepStarted started:
                    run.OnceSteps[started.Step.Path] = OnceStep.Started;
                    run.EffectAnswers.Remove(started.Step);
                    break;
                case StepEnded ended:
                    if (ended.Output is { } output) captures.Restore(ended.Step, output);
                    if (ended.Outcome == Outcome.Succeeded) run.OnceSteps[ended.Step.Path] = OnceStep.Done;
                    break;
            }
        }
    }
}
