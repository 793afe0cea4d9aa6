using Lockstep.Execution.Steps.Groups;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Execution.Steps;

/// <summary>What the steps of one run share: all that touches the world, handed in, so that a run can be made of other things in a test.</summary>
internal sealed record RunContext
{
    public required Plan Plan { get; init; }

    public required RunId Run { get; init; }

    public required TimeProvider Clock { get; init; }

    public required Random Random { get; init; }

    /// <summary>Walks a step; the way back from a step to the walk.</summary>
    public required Func<PlanNode, Scope, Task<StepResult>> Walk { get; init; }

    /// <summary>Appends an event, unless an earlier process has; its number and time are set here. Gives its number, or 0.</summary>
    public required Func<RunEvent, long> Append { get; init; }

    /// <summary>Completes when what was appended outlives this process: awaited before a step that depends on it starts.</summary>
    public required Func<ValueTask> Durable { get; init; }

    /// <summary>Completes when what was appended outlives a power cut; gives why it does not, when history can't be kept.</summary>
    public required Func<ValueTask<string?>> OnDisk { get; init; }

    /// <summary>What was journaled before this process went on with the run; null when it began it.</summary>
    public Earlier? Earlier { get; init; }

    /// <summary>Stopped when the run is to stand still.</summary>
    public required StopSignal Park { get; init; }

    /// <summary>
    /// Passed before a step is entered, a value is looked up, and anything is done to the world or asked of a person: what took its time before, such as a
    /// value, may have been where the run was asked to stand still.
    /// </summary>
    /// <exception cref="RunParkedException">The run is to stand still.</exception>
    public void PassGate(Scope scope)
    {
        if (IsParking(scope)) throw new RunParkedException();
    }

    /// <summary>Whether steps have to wait for the run to be resumed. A run that is to end goes on with its <c>finally</c> blocks; what belongs to a pipe runs or not together.</summary>
    private bool IsParking(Scope scope) => Park.Stopped && !Interrupted.Stopped && !scope.Piped;

    /// <summary>A signal that ends a wait when its step is to end, and when the run is to stand still.</summary>
    public StopSignal WaitOf(Scope scope)
    {
        var ends = new StopSignal(scope.Stop);
        if (scope.Piped || Interrupted.Stopped) return ends;
        ends.Adopt(Park.Token.Register(() => ends.Stop("paused")));
        return ends;
    }

    /// <summary>Closes the gate because a step can't go on without an answer.</summary>
    public required Action<StepId, string> ParkFor { get; init; }

    /// <summary>Whether steps that may happen only once have happened, as far as a person said so since they last started.</summary>
    public Dictionary<StepId, EffectChecked> EffectAnswers { get; } = [];

    /// <summary>How far the steps came that may happen only once, by id and, in a watch, round.</summary>
    public Dictionary<string, OnceStep> OnceSteps { get; } = new(StringComparer.Ordinal);

    /// <summary>The text of a value, resolved now when the plan left it open.</summary>
    public required Func<int, Scope, ValueTask<string>> Value { get; init; }

    /// <summary>A text with what must not be seen replaced.</summary>
    public required Func<string, string> Redact { get; init; }

    /// <summary>How many commands may run at once; null for no limit.</summary>
    public StepSlots? Slots { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>Calls a host's step by its type; null where the host has none of it.</summary>
    public required Func<string, CustomStepCall, CancellationToken, ValueTask<CustomStepResult?>> CallCustom { get; init; }

    /// <summary>Takes a step's output: redacts, shows and keeps it.</summary>
    public required Func<PlanNode, Scope, StepOutput> Output { get; init; }

    /// <summary>Whether a later step uses what a step, or one inside it, prints.</summary>
    public required Func<PlanNode, bool> OutputIsUsed { get; init; }

    /// <summary>Asks a person; whether it was granted, and by whom.</summary>
    public required Func<ConfirmNode, string, CancellationToken, Task<(bool Granted, string By)>> Confirm { get; init; }

    /// <summary>Whether results are taken from the cache.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>How processes see standard streams: the terminal for a lone step, one pipe where nobody tells the two outputs apart.</summary>
    public required StreamPlan Streams { get; init; }

    /// <summary>How long a process group has between TERM and KILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Interrupts the run, soon: for who asked for it on a step's own terminal, where no signal comes to us.</summary>
    public required Action Interrupt { get; init; }

    /// <summary>Given once the run is interrupted.</summary>
    public required StopSignal Interrupted { get; init; }

    /// <summary>Stops <c>finally</c> blocks too: the second interruption.</summary>
    public required StopSignal Abandon { get; init; }

    /// <summary>The results of commands that a run runs once.</summary>
    public Dictionary<string, OnceCall> OnceCalls { get; } = new(StringComparer.Ordinal);
}

/// <summary>How the run's own standard streams are shared with its processes.</summary>
/// <param name="Terminal">Whether a lone step gets a terminal of its own.</param>
/// <param name="OnePipe">Whether standard output and error are the same file, so that one pipe serves both.</param>
/// <param name="Input">Whether a foreground step gets the run's standard input.</param>
/// <param name="Colour">Whether messages keep their colours.</param>
/// <param name="Verbose">Whether debug messages show.</param>
internal sealed record StreamPlan(bool Terminal, bool OnePipe, bool Input, bool Colour, bool Verbose);

/// <summary>Where a step's output goes.</summary>
/// <param name="Write">Takes bytes as they come.</param>
/// <param name="Complete">Passes on what was held back; how much there was, and the standard output where a later step uses it.</param>
internal sealed record StepOutput(OutputHandler Write, Func<(long Bytes, string? Text)> Complete);

/// <summary>How far a step came that may happen only once.</summary>
internal enum OnceStep
{
    /// <summary>It was never started.</summary>
    New,

    /// <summary>It was started, and failed or was cut off.</summary>
    Started,

    /// <summary>It succeeded.</summary>
    Done,
}
