using System.Collections.Immutable;
using Lockstep.Execution;
using Lockstep.Execution.Steps;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Processes;
using Lockstep.Processes.Shell;
using Lockstep.Values;

namespace Lockstep.Simulation;

/// <summary>What a simulation takes from outside.</summary>
internal sealed record SimulatorOptions
{
    public Script Script { get; init; } = new();

    /// <summary>Reads an environment variable for values; null when it is unset.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>The environment that steps get.</summary>
    public EnvironmentBlock StepEnvironment { get; init; } = EnvironmentBlock.Empty;

    /// <summary>Starts a process after all, and waits for its end.</summary>
    public Func<StepProcess, ScriptedProcess> StartReal { get; init; } = static _ => throw new InvalidOperationException("nothing real is started here");

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Makes the same chance each time.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Executes a plan with the real engine in a world that is none: processes are scripted, time is virtual, the journal is in memory.</summary>
/// <remarks>Nothing is started, fetched or written, but for what a script says is <see cref="ScriptedProcess.Real"/>.</remarks>
public sealed class Simulator
{
    private const int Processors = 4;
    private const int MostLives = 1000;
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Downtime = TimeSpan.FromMinutes(1);

    private readonly Plan _plan;
    private readonly SimulatorOptions _options;
    private readonly ExecutableSearch _executables = new();

    internal Simulator(Plan plan, SimulatorOptions options)
    {
        // Files do not change in a simulation: a watch is its first round.
        _plan = plan with { Mode = PlanMode.Run };
        _options = options;
        Steps = new ScriptedSteps(_plan, options.Script, options.StartReal);
    }

    /// <summary>What is executed: a watch runs one round.</summary>
    public Plan Plan => _plan;

    /// <summary>What the script says of steps that have not come up in any run so far, and whether the plan has such a step at all.</summary>
    public ImmutableArray<(string Step, bool IsKnown)> Unused => Steps.Unused;

    /// <summary>What a script can call the steps that have processes or are confirmed: their ids, and the commands they belong to.</summary>
    public IEnumerable<string> Names => Steps.Names();

    internal ScriptedSteps Steps { get; }

    /// <summary>Lets lockstep die after every event and inside every effect, again in the recovery, and compares the ends with that of the run to which nothing happens.</summary>
    public CrashFindings CrashEverywhere() => new CrashEverywhere(this).Run();

    /// <summary>Executes the plan in one process after the other until it has ended.</summary>
    /// <param name="faults">What happens to the first process, the second, and so on; nothing to further ones.</param>
    public SimulatedRun Run(params ReadOnlySpan<Fault> faults)
    {
        var loop = new VirtualLoop(Beginning);
        var random = new Random(_options.Seed);
        using var resolver = new ValueResolver(Values(loop, random));
        var world = new SimulatedWorld(Steps, loop, resolver);
        var locks = new SimulatedLocks(loop.Clock);
        var run = RunId.New(Beginning, random);
        var lives = ImmutableArray.CreateBuilder<SimulatedLife>();
        IReadOnlyList<RunEvent> kept = [];
        ApproveRequest? answer = null;
        var asked = 0;
        var aliveUntil = Beginning;
        while (lives.Count < MostLives)
        {
            RunEvent start = kept.Count == 0
                ? new RunStarted(_plan.Command, _options.Arguments, _plan.Context.Directory, GraphHash.Of(_plan), "simulated", 1)
                : new RunResumed(1, "simulated", kept[^1] is RunPaused ? "it was paused" : "its process is gone", aliveUntil) { Sequence = kept[^1].Sequence + 1, At = loop.Clock.GetUtcNow() };
            var life = new Life(loop, new SimulatedJournal(loop), kept.Count == 0 ? [] : [.. kept, start], lives.Count < faults.Length ? faults[lives.Count] : null);
            if (answer is not null) life.Control.Ask(answer);
            var last = life.Run(Request(run, start, kept, world, life, loop, locks, random));
            lives.Add(new SimulatedLife([.. life.Seen], [.. life.Effects]));
            if (last is RunEnded end) return new SimulatedRun(run, [.. kept, .. life.Seen], end, lives.ToImmutable(), [.. world.Works], asked);

            aliveUntil = life.AliveUntil;

            // A store gives back what it was given as text.
            kept = [.. life.Kept.Select(happened => EventJson.Read(EventJson.ToUtf8(happened)))];
            if (kept.Count == 0) return new SimulatedRun(run, [], null, lives.ToImmutable(), [.. world.Works], asked);
            answer = last is RunPaused { Step: { } step } ? new ApproveRequest(step, world.HasHappened(step), "the test", null) : null;
            if (answer is not null) asked++;
            loop.Rest(Downtime);
        }
        throw new InvalidOperationException($"the simulated run has not ended after {MostLives} resumptions");
    }

    private RunRequest Request(RunId run, RunEvent start, IReadOnlyList<RunEvent> kept, SimulatedWorld world, Life life, VirtualLoop loop, SimulatedLocks locks, Random random) => new()
    {
        Plan = _plan,
        Run = run,
        Before = kept,
        Start = start,
        Journal = life.Journal,
        Clock = loop.Clock,
        Random = random,
        Machine = new Machine
        {
            Processors = Processors,
            Prepare = Prepare,
            Start = asked => world.Start(asked, life),
            AcquireLock = locks.Acquire,
            CreatePipe = static () => (PipeEnd.Nowhere(), PipeEnd.Nowhere()),
            AppendTo = static _ => PipeEnd.Nowhere(),
            FolderExists = static _ => true,
            CreateFolder = static _ => { },
        },
        Resolve = (value, _) => world.Resolve(value),
        Environment = _options.StepEnvironment.With("LOCKSTEP_RUN", run.Text),
        Streams = new StreamPlan(Terminal: false, OnePipe: false, Input: false, Colour: false, Verbose: false),
        Confirm = (step, _, _) => Task.FromResult((Steps.Grants(step), "the test")),
        Control = life.Control,
        OnEvent = life.Note,
    };

    /// <summary>What is not installed here can be scripted all the same.</summary>
    private ShellCommand Prepare(ShellPiece[] pieces, Scope scope)
    {
        var command = ShellCommand.Prepare(pieces, _executables, scope.Environment["PATH"], scope.Directory);
        return command is ShellCommand.Unstartable ? new ShellCommand.Ready("/bin/sh", "sh", ["-c", string.Concat(pieces.Select(piece => piece.Text))]) : command;
    }

    private ValueSurroundings Values(VirtualLoop loop, Random random) => new()
    {
        Environment = _options.Environment,
        Clock = loop.Clock,
        Directory = _plan.Context.Directory,
        NewUuid = () =>
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            return new Guid(bytes);
        },
        Shell = static (_, _) => throw new InvalidOperationException("a simulation starts no process for a value"),
    };
}
