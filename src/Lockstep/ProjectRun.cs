using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Execution;
using Lockstep.Execution.Steps;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;
using Lockstep.Processes.Limits;
using Lockstep.Processes.Shell;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Leases;
using Lockstep.Telemetry;
using Lockstep.Values;
using Lockstep.Workspaces;
using Lockstep.Workspaces.Outputs;

namespace Lockstep;

/// <summary>Wires the engine to this machine: the composition root of a run.</summary>
internal static class ProjectRun
{
    public static RunResult Run(Plan plan, ProjectOptions project, string store, RunOptions options, StorePool? pool = null)
        => Ended(Begin(plan, project, store, options, pool), project, store, options);

    public static RunResult Run(RunFork fork, ProjectOptions project, string store, RunOptions options)
        => Ended(Begin(fork, project, store, options), project, store, options);

    public static RunResult Resume(StoppedRun stopped, ProjectOptions project, string store, RunOptions options)
        => Ended(GoOn(stopped, project, store, options), project, store, options);

    /// <summary>A run that was pausing when somebody asked for its end has steps left that its end needs, such as <c>finally</c> blocks: it goes on with them.</summary>
    private static RunResult Ended(RunResult result, ProjectOptions project, string store, RunOptions options)
        => result.Paused is not null && options is { Keep: true, Control.EndAsked: true } && result.HistoryLost is null
            ? GoOn(StoppedRun.Read(store, result.Run), project, store, options)
            : result;

    private static RunResult Begin(Plan plan, ProjectOptions project, string store, RunOptions options, StorePool? pool) => ProcessLoop.Run(async loop =>
    {
        var run = RunId.New(project.Clock.GetUtcNow(), project.Random);
        using var watch = plan.Mode == PlanMode.Watch ? await Enter(plan, run, project, store) : null;
        await using var around = Surroundings.Of(plan, loop, project, store, options);
        options.OnBegin?.Invoke(run);
        var written = WrittenPlan.Of(plan);
        await using IRunJournal journal = !options.Keep ? new InMemoryJournal()
            : pool is null ? SqliteRunJournal.Begin(store, run, () => written.Json, DurabilityOf(project), project.Clock, options.Control.Ask)
            : SqliteRunJournal.Begin(pool, run, () => written.Json, project.Clock, options.Control.Ask);
        var start = new RunStarted(plan.Command, ShownArguments.Of(plan, options.Arguments), plan.Context.Directory, written.Hash, Product.Version, Environment.ProcessId)
        {
            TraceParent = around.Outlets?.TraceParent,
        };
        if (journal is SqliteRunJournal kept && around.Outlets is { } outlets) kept.Receivers = outlets.Receivers;
        return await Execute(plan, run, start, [], journal, around);
    });

    private static RunResult GoOn(StoppedRun stopped, ProjectOptions project, string store, RunOptions options) => ProcessLoop.Run(async loop =>
    {
        // Whatever is wrong is said before the run is taken over, so that it stays as it is; that it can't be taken over is said first.
        if (!stopped.IsOpen) Takeover.Check(store, stopped.Run, project.Clock.GetUtcNow());
        var plan = options.Values.Complete(KeptTexts.Restore(stopped.Plan, stopped.Events, options.Values.Inputs, project));
        using var watch = plan.Mode == PlanMode.Watch ? await Enter(plan, stopped.Run, project, store) : null;
        await using var around = Surroundings.Of(plan, loop, project, store, options);
        await using var resumption = SqliteRunJournal.Resume(
            store, stopped.Run, stopped.Events, Product.Version, DurabilityOf(project), project.Clock, options.Control.Ask);
        options.OnBegin?.Invoke(stopped.Run);
        return await Execute(plan, stopped.Run, resumption.Start, resumption.Events, resumption.Journal, around);
    });

    private static RunResult Begin(RunFork fork, ProjectOptions project, string store, RunOptions options) => ProcessLoop.Run(async loop =>
    {
        var run = RunId.New(project.Clock.GetUtcNow(), project.Random);
        using var watch = fork.Plan.Mode == PlanMode.Watch ? await Enter(fork.Plan, run, project, store) : null;
        await using var around = Surroundings.Of(fork.Plan, loop, project, store, options);
        var written = WrittenPlan.Of(fork.Plan);
        var forked = new RunForked(fork.Parent.Text, fork.Shared.Count, fork.From, fork.Changes, written.Hash, Environment.ProcessId, Product.Version);
        var (begun, start) = SqliteRunJournal.Begin(
            store, run, new ForkedRun(fork.Parent, fork.Shared, written.Json, forked), DurabilityOf(project), project.Clock, options.Control.Ask);
        await using var journal = begun;
        options.OnBegin?.Invoke(run);
        return await Execute(fork.Plan, run, start, fork.Shared, journal, around);
    });

    private static async Task<RunResult> Execute(Plan plan, RunId run, RunEvent start, IReadOnlyList<RunEvent> before, IRunJournal journal, Surroundings around)
    {
        var (loop, project, store, options) = (around.Loop, around.Project, around.Store, around.Options);
        var (outlets, slots) = (around.Outlets, around.Slots);
        if (journal is SqliteRunJournal kept)
        {
            kept.Timings = StepTimings.In(() => WrittenPlan.Of(plan).StepHashes, before);
            if (options.OnHistoryWaits is { } tell) kept.OnBehind = why => loop.Post(_ => tell(why), null);
        }

        outlets?.Begin(run, plan, start, before, options.Keep);
        using var resolver = ProjectValues.OnLoop(loop, project, plan.Context.Directory, store);
        var executables = new ExecutableSearch();
        var environment = (ProjectValues.StepEnvironment(project) ?? EnvironmentBlock.OfThisProcess()).With("LOCKSTEP_RUN", run.Text);
        var last = await Engine.Execute(new RunRequest
        {
            Plan = plan,
            Run = run,
            Start = start,
            Before = before,
            Journal = journal,
            Clock = project.Clock,
            Random = project.Random,
            Jobs = options.Jobs,
            Machine = new Machine
            {
                Prepare = (pieces, scope) => ShellCommand.Prepare(pieces, executables, scope.Environment["PATH"], scope.Directory),
                Start = asked => StartedProcess.Of(loop.Start(Traced(asked, outlets))),
                Limiter = LimiterOf(plan, project),
                Slots = slots,
                AcquireLock = new MachineLocks(Path.Combine(store, "locks"), project.Clock).AcquireAsync,
                Cache = new OutputCache(store, project.Clock),
            },
            Resolve = (value, cancel) => resolver.ResolveAsync(value.Expression, value.Sensitive, cancel),
            Environment = slots is null ? environment : environment.With(StepSlots.Inherited, "1"),
            UseCache = options.UseCache,
            Streams = new StreamPlan(options.Terminal, options.OnePipe, options.Input, options.Colour, options.Verbose),
            Confirm = (node, message, cancel) => options.Confirm(message, node.DefaultYes, cancel),
            Control = options.Control,
            Broken = loop.Broken,
            OnEvent = options.OnKept is null && outlets is null ? options.OnEvent : happened =>
            {
                options.OnEvent?.Invoke(happened);
                outlets?.Hear(happened);
                if (happened is RunStarted && options.OnKept is { } kept) _ = TellWhenKept(journal, kept);
            },
            OnOutput = options.OnOutput,
            Steps = options.Steps,
        });

        // A program that executes many runs does not wait for the disk after each: what they stored is sent there together.
        if (journal is not SqliteRunJournal { IsPooled: true }) await journal.Sync();
        return new RunResult(run, last, journal.Lost)
        {
            Notices = [.. outlets is null ? [] : await outlets.Finish(), .. (journal as SqliteRunJournal)?.TakePoolProblem() is { } unsafely ? [unsafely] : Array.Empty<string>()],
        };
    }

    /// <summary>What a run is executed with. To make it finds what is wrong with it, before anything of the run is in the store.</summary>
    private sealed record Surroundings(
        ProcessLoop Loop, ProjectOptions Project, string Store, RunOptions Options, Outlets? Outlets, MachineSlots? Slots) : IAsyncDisposable
    {
        public static Surroundings Of(Plan plan, ProcessLoop loop, ProjectOptions project, string store, RunOptions options)
        {
            var slots = SlotsOf(project, store, options);
            return new(loop, project, store, options, OutletsOf(plan.Context.Directory, project, store), slots);
        }

        public ValueTask DisposeAsync() => Outlets?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private static ProcessSpec Traced(StepProcess asked, Outlets? outlets)
        => outlets?.TraceParentOf(asked.Step.Id, asked.Scope.Attempt) is { } trace ? asked.Spec with { Environment = (asked.Spec.Environment ?? EnvironmentBlock.OfThisProcess()).With("TRACEPARENT", trace) } : asked.Spec;

    /// <summary>Who is told of a run; null for nobody.</summary>
    public static Outlets? OutletsOf(string folder, ProjectOptions project, string store)
        => Outlets.Of(folder, new OutletSurroundings(project.Environment, store, Product.Version, project.Clock, project.Random));

    private static MachineSlots? SlotsOf(ProjectOptions project, string store, RunOptions options)
    {
        if (options.Jobs < 1) throw new ArgumentException("RunOptions.Jobs must be 1 or more; null is no limit.");
        if (project.Environment(StepSlots.MachineLimit) is not { Length: > 0 } text) return null;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var count) && count >= 1
            ? new MachineSlots(Path.Combine(store, "slots"), count, project.Environment(StepSlots.Inherited) is { Length: > 0 }, project.Clock)
            : throw new ArgumentException($"{StepSlots.MachineLimit} must be a whole number of 1 or more, not '{text}'");
    }

    /// <summary>What has to move to another control group first does so now, while no step runs.</summary>
    private static StepLimiter LimiterOf(Plan plan, ProjectOptions project)
    {
        var limiter = new StepLimiter(project.Environment, project.Clock);
        foreach (var step in plan.Steps())
        {
            if (step is not LimitNode) continue;
            limiter.Prepare();
            break;
        }

        return limiter;
    }

    public static Durability DurabilityOf(ProjectOptions project)
        => DurabilitySetting.Parse(project.Environment(DurabilitySetting.Variable)) ?? throw new ArgumentException(DurabilitySetting.Rule);

    private static async Task TellWhenKept(IRunJournal journal, Action<string?> kept)
    {
        await journal.Flush();
        kept(journal.Lost ?? journal.Behind);
    }

    public static Plan Resolve(Plan plan, ProjectOptions project, string store, CancellationToken cancel) => ProcessLoop.Run(async loop =>
    {
        using var resolver = ProjectValues.OnLoop(loop, project, plan.Context.Directory, store);
        var values = ImmutableArray.CreateBuilder<PlannedValue>(plan.Values.Length);
        foreach (var value in plan.Values) values.Add(await Pin(value, resolver, cancel));
        return plan with { Values = values.MoveToImmutable() };
    });

    private static async Task<PlannedValue> Pin(PlannedValue value, ValueResolver resolver, CancellationToken cancel)
    {
        if (value.Expression.KnownOnlyWhenRun) return value;
        if (value.Resolved is not null) return value with { Pinned = true };
        return await resolver.ResolveAsync(value.Expression, value.Sensitive, cancel) switch
        {
            ValueKnown known => value with { Resolved = known.Value, Pinned = true, Sensitive = value.Sensitive || known.Sensitive },
            ValueFailed failed => throw new ValueNotResolvedException(value.Name, failed.MessageFor(value), failed.Help),
            _ => throw new InvalidOperationException("no such resolution"),
        };
    }

    /// <summary>Lists a watch as running; null where the store can't be written, as a watch is worth more than its place in a list.</summary>
    private static async Task<IDisposable?> Enter(Plan plan, RunId run, ProjectOptions project, string store)
    {
        var registry = new WatchRegistry(Path.Combine(store, "watches"));
        var watch = new RunningWatch(plan.Command, plan.Context.Directory, Environment.ProcessId, run.Text, project.Clock.GetUtcNow());
        try
        {
            if (await registry.EnterAsync(watch, project.Clock) is { } entered) return entered;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        var other = registry.Find(watch.Name, watch.Directory);
        var named = other is null ? "" : $", as {other.Run} (process {other.ProcessId})";
        throw new WatchRunningException(
            $"the watch '{watch.Name}' runs already in {watch.Directory}{named}", $"`lockstep stop {watch.Name}` ends it, `lockstep logs` shows what it prints");
    }
}
