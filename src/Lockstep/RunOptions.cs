using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep;

/// <summary>How a plan is run.</summary>
public sealed record RunOptions
{
    /// <summary>The arguments the command was asked for with, for history.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether <c>@cache</c> may take earlier results; default true. Results are saved in any case.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>How many commands and steps of the host's own may run at once in the run, 1 or more, a pipe counting as one; null, the default, for no limit.</summary>
    /// <remarks>All runs of the machine together are limited by <c>LOCKSTEP_MAX_STEPS</c>. A run throws an <see cref="ArgumentException"/> for what is no number of 1 or more.</remarks>
    public int? Jobs { get; init; }

    /// <summary>Whether a step that runs alone gets a terminal of its own; default false.</summary>
    public bool Terminal { get; init; }

    /// <summary>Whether standard output and error go to the same place, so that one pipe may serve both; default false.</summary>
    public bool OnePipe { get; init; }

    /// <summary>Whether steps that run alone read this process's standard input; default false.</summary>
    public bool Input { get; init; }

    /// <summary>Whether <c>@log</c> messages keep their colours; default false.</summary>
    public bool Colour { get; init; }

    /// <summary>Whether <c>@log</c> messages of level debug show; default false.</summary>
    public bool Verbose { get; init; }

    /// <summary>Called with the run's id before its first event, on the run's own thread.</summary>
    public Action<RunId>? OnBegin { get; init; }

    /// <summary>Called when others can find the run in the store, or with why it will not be there; not when the run is over before that.</summary>
    internal Action<string?>? OnKept { get; init; }

    /// <summary>Called with each event, on the run's own thread. What it throws ends the run with exit code 70 and reaches who waits for the run.</summary>
    public Action<RunEvent>? OnEvent { get; init; }

    /// <summary>Called with the redacted output of steps, on the run's own thread. What it throws ends the run, as with <see cref="OnEvent"/>.</summary>
    public OutputObserver? OnOutput { get; init; }

    /// <summary>
    /// Called on the run's own thread when the store has been locked by another process for 5 s: the run goes on, its history waits in memory, and is
    /// written when the lock goes, at the latest 15 s after the run's end. Given why, as a sentence; after that <see cref="RunResult.HistoryLost"/> tells what came of it.
    /// </summary>
    public Action<string>? OnHistoryWaits { get; init; }

    /// <summary>Asks a person: message, the answer to a bare Enter, cancellation; gives the answer and who gave it. The default denies.
    /// Throws <see cref="NobodyToAskException"/> where nobody can be asked: then a resumed run pauses.</summary>
    public Func<string, bool, CancellationToken, Task<(bool Granted, string By)>> Confirm { get; init; }
        = (_, _, _) => Task.FromResult((false, "nobody could be asked"));

    /// <summary>The sensitive values that a resumed run needs again, as they are not kept with it; default none. Ignored where the plan is given.</summary>
    public GivenValues Values { get; init; } = GivenValues.None;

    /// <summary>The steps that this program brings, for plans that name them; none by default.</summary>
    public CustomSteps Steps { get; init; } = CustomSteps.None;

    /// <summary>Whether the run's history is kept in the store; default true. In memory only, a run can't be resumed.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>The handle by which the run can be ended.</summary>
    public RunControl Control { get; init; } = new();
}

/// <summary>What came of executing a run: its end, or that it stands still.</summary>
public sealed record RunResult
{
    private readonly RunEvent _last;

    internal RunResult(RunId run, RunEvent last, string? historyLost)
    {
        Run = run;
        _last = last;
        HistoryLost = historyLost;
    }

    /// <summary>The run.</summary>
    public RunId Run { get; }

    /// <summary>Outcome, exit code, duration, root cause.</summary>
    /// <exception cref="InvalidOperationException">The run is paused.</exception>
    public RunEnded End => _last as RunEnded ?? throw new InvalidOperationException($"{Run} has not ended: it is paused");

    /// <summary>Why the run stands still; null when it has ended.</summary>
    public RunPaused? Paused => _last as RunPaused;

    /// <summary>The exit code of a program that executes the run: the run's own, or <see cref="Lockstep.Execution.ExitCode.Paused"/>.</summary>
    public int ExitCode => Paused is null ? End.ExitCode : Lockstep.Execution.ExitCode.Paused;

    /// <summary>How the run stands: ended in some way, or paused.</summary>
    internal RunStatus Status => Paused is null ? RunState.StatusOf(End.Outcome) : RunStatus.Paused;

    /// <summary>Why its history could not be kept; null when it was.</summary>
    public string? HistoryLost { get; }

    /// <summary>What others could not be told of it yet, such as a webhook that did not answer; sentences without a final stop.</summary>
    public IReadOnlyList<string> Notices { get; internal init; } = [];
}
