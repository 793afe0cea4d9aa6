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
        var recorder = new Recorder(request);
        recorder.Append(request.Start);

        using var stop = new StopSignal();
        using var abandon = new StopSignal();
        var run = Context(request, recorder, stop, abandon);
        var loop = SynchronizationContext.Current!;
        request.Control.Attach((signal, atOnce) => loop.Post(_ => Interrupt(signal, atOnce), null));

        var scope = new Scope { Directory = request.Plan.Context.Directory, Environment = request.Environment, Stop = stop };
        var result = await Walk.Step(request.Plan.Root, scope, run);
        request.Control.Detach();

        var ended = new RunEnded(result.Outcome, ExitCode.Of(result), request.Clock.GetElapsedTime(started), result.Cause, result.Reason);
        recorder.Append(ended);
        await request.Journal.Flush();
        return ended;

        void Interrupt(string signal, bool atOnce)
        {
            if (abandon.Stopped) return;
            recorder.Append(new RunInterrupted(signal, atOnce));
            stop.Stop($"interrupted by {signal}");
            if (atOnce) abandon.Stop($"interrupted twice by {signal}");
        }
    }

    private static RunContext Context(RunRequest request, Recorder recorder, StopSignal stop, StopSignal abandon)
    {
        var secrets = new RunSecrets(request.Plan);
        var captures = new StepCaptures(request.Plan);
        var values = new RunValues(request.Plan, request.Resolver, captures, secrets, recorder.Append, stop);
        var outputs = new RunOutputs(request.Journal, secrets, captures, request.OnOutput);
        RunContext run = null!;
        return run = new RunContext
        {
            Plan = request.Plan,
            Run = request.Run,
            Clock = request.Clock,
            Random = request.Random,
            Walk = (node, scope) => Walk.Step(node, scope, run),
            Append = recorder.Append,
            Durable = request.Journal.Flush,
            Value = values.Text,
            Redact = secrets.Redact,
            Start = request.StartProcess,
            Output = outputs.Open,
            Confirm = request.Confirm,
            Executables = request.Executables,
            Locks = request.Locks,
            Cache = request.Cache,
            UseCache = request.UseCache,
            Streams = request.Streams,
            Abandon = abandon,
        };
    }

    /// <summary>Numbers and dates events.</summary>
    private sealed class Recorder(RunRequest request)
    {
        private long _sequence;

        public void Append(RunEvent happened)
        {
            var dated = happened with { Sequence = ++_sequence, At = request.Clock.GetUtcNow() };
            request.Journal.Append(dated);
            request.OnEvent?.Invoke(dated);

            // A result is made durable soon even where nothing waits for it; who depends on it awaits the same commit.
            if (dated is StepEnded) _ = request.Journal.Flush().AsTask();
        }
    }
}
