using Lockstep.Execution.Steps;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Processes;
using Lockstep.Processes.Shell;
using Lockstep.Values;
using Lockstep.Workspaces;
using Lockstep.Workspaces.Outputs;

namespace Lockstep.Execution;

/// <summary>All that one run needs of the world.</summary>
internal sealed record RunRequest
{
    public required Plan Plan { get; init; }

    public required RunId Run { get; init; }

    public required RunStarted Start { get; init; }

    public required IRunJournal Journal { get; init; }

    public required TimeProvider Clock { get; init; }

    public required Random Random { get; init; }

    public required Func<ProcessSpec, RunningProcess> StartProcess { get; init; }

    public required ValueResolver Resolver { get; init; }

    public required ExecutableSearch Executables { get; init; }

    public required EnvironmentBlock Environment { get; init; }

    public required MachineLocks Locks { get; init; }

    public required OutputCache Cache { get; init; }

    public required StreamPlan Streams { get; init; }

    public required Func<string, bool, CancellationToken, Task<(bool Granted, string By)>> Confirm { get; init; }

    public required RunControl Control { get; init; }

    public Action<RunEvent>? OnEvent { get; init; }

    public OutputObserver? OnOutput { get; init; }

    /// <summary>Whether results are taken from <c>@cache</c>.</summary>
    public bool UseCache { get; init; } = true;
}

/// <summary>Executes a plan: walks it, and tells the journal what happens.</summary>
internal static class Engine
{
    public static async Task<RunEnded> Execute(RunRequest request)
    {
        var started = request.Clock.GetTimestamp();
        var secrets = new RunSecrets(request.Plan);
        var recorder = new Recorder(request.Journal, request.Clock, secrets, request.OnEvent);
        recorder.Append(request.Start);

        var over = false;
        using var stop = new StopSignal();
        using var abandon = new StopSignal();
        var run = Context(request, recorder, secrets, stop, abandon);
        var loop = SynchronizationContext.Current!;
        request.Control.Attach((signal, atOnce) => loop.Post(_ => Interrupt(signal, atOnce), null));

        var scope = new Scope { Directory = request.Plan.Context.Directory, Environment = request.Environment, Stop = stop };
        try
        {
            var result = await Walk.Step(request.Plan.Root, scope, run);
            return await End(result.Outcome, ExitCode.Of(result), result.Cause, result.Reason);
        }
        catch (Exception defect)
        {
            await End(Outcome.Failed, ExitCode.Internal, null, $"an error in lockstep itself: {defect.Message}");
            throw;
        }
        finally
        {
            request.Control.Detach();
        }

        async Task<RunEnded> End(Outcome outcome, int exitCode, StepId? cause, string? reason)
        {
            over = true;
            var ended = recorder.Append(new RunEnded(outcome, exitCode, request.Clock.GetElapsedTime(started), cause, reason));
            await request.Journal.Sync();
            return (RunEnded)ended;
        }

        void Interrupt(string signal, bool atOnce)
        {
            // Nothing comes after the end in the journal, not even what was on its way to us by then.
            if (over || abandon.Stopped) return;
            recorder.Append(new RunInterrupted(signal, atOnce));
            stop.Stop($"interrupted by {signal}");
            if (atOnce) abandon.Stop($"interrupted twice by {signal}");
        }
    }

    private static RunContext Context(RunRequest request, Recorder recorder, RunSecrets secrets, StopSignal stop, StopSignal abandon)
    {
        var captures = new StepCaptures(request.Plan);
        var values = new RunValues(request.Plan, request.Resolver, captures, secrets, Append, abandon);
        var outputs = new RunOutputs(request.Journal, secrets, captures, request.OnOutput);
        RunContext run = null!;
        return run = new RunContext
        {
            Plan = request.Plan,
            Run = request.Run,
            Clock = request.Clock,
            Random = request.Random,
            Walk = (node, scope) => Walk.Step(node, scope, run),
            Append = Append,
            Durable = request.Journal.Flush,
            Value = values.Text,
            Redact = secrets.Redact,
            Start = request.StartProcess,
            Output = outputs.Open,
            OutputIsUsed = captures.Uses,
            Confirm = (message, defaultYes, cancel) => request.Confirm(secrets.Redact(message), defaultYes, cancel),
            Executables = request.Executables,
            Locks = request.Locks,
            Cache = request.Cache,
            UseCache = request.UseCache,
            Streams = request.Streams,
            Abandon = abandon,
            Interrupt = () => request.Control.Interrupt("Ctrl-C"),
            Interrupted = stop,
        };

        void Append(RunEvent happened) => recorder.Append(happened);
    }
}
