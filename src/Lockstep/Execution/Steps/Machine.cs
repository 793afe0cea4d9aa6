using Lockstep.Plans;
using Lockstep.Processes;
using Lockstep.Processes.Limits;
using Lockstep.Processes.Shell;
using Lockstep.Workspaces;
using Lockstep.Workspaces.Outputs;

namespace Lockstep.Execution.Steps;

/// <summary>All of a machine that steps touch, so that a run can be made on another than this one.</summary>
internal sealed record Machine
{
    /// <summary>How many processors it has.</summary>
    public int Processors { get; init; } = System.Environment.ProcessorCount;

    /// <summary>Finds out how shell text is started.</summary>
    public required Func<ShellPiece[], Scope, ShellCommand> Prepare { get; init; }

    /// <exception cref="ProcessStartException">It can't be started.</exception>
    public required Func<StepProcess, StartedProcess> Start { get; init; }

    /// <summary>Holds processes to their limits; null where nothing real is started.</summary>
    public StepLimiter? Limiter { get; init; }

    /// <summary>How many commands of all its runs may run at once; null for no limit.</summary>
    public MachineSlots? Slots { get; init; }

    /// <summary>Takes a lock, as <see cref="MachineLocks.AcquireAsync"/> does.</summary>
    public required Func<string, LockHolder, TimeSpan, Action<LockHolder?>, CancellationToken, Task<LockOutcome>> AcquireLock { get; init; }

    /// <summary>Where the results of <c>@cache</c> are; null where none are kept.</summary>
    public OutputCache? Cache { get; init; }

    /// <exception cref="IOException">No more descriptors.</exception>
    public Func<(PipeEnd Read, PipeEnd Write)> CreatePipe { get; init; } = PipeEnd.CreatePipe;

    /// <summary>Opens a file to write at the end of.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    public Func<string, PipeEnd> AppendTo { get; init; } = PipeEnd.Append;

    public Func<string, bool> FolderExists { get; init; } = Directory.Exists;

    public Action<string> CreateFolder { get; init; } = static path => Directory.CreateDirectory(path);
}

/// <summary>A process that a step asks for.</summary>
/// <param name="Step">The step.</param>
/// <param name="Scope">What it inherits.</param>
/// <param name="Pieces">The text that it runs, with its values.</param>
/// <param name="Spec">How it is started.</param>
/// <param name="Verifies">Whether it only finds out whether the step's effect is there.</param>
internal readonly record struct StepProcess(PlanNode Step, Scope Scope, ShellPiece[] Pieces, ProcessSpec Spec, bool Verifies = false);

/// <summary>All that a step needs of a started process, on the run's own thread.</summary>
/// <param name="Exit">How it ended, once all its output is handled.</param>
/// <param name="EndAsync">Asks it to end, and kills it if it has not after the given time.</param>
/// <param name="Kill">Ends it at once.</param>
internal sealed record StartedProcess(Task<ProcessExit> Exit, Func<TimeSpan, Task<ProcessExit>> EndAsync, Action Kill)
{
    public static StartedProcess Of(RunningProcess process) => new(process.Exit, process.EndAsync, process.Kill);
}
