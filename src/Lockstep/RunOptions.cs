using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep;

/// <summary>How a plan is run.</summary>
public sealed record RunOptions
{
    /// <summary>The arguments the command was asked for with, for history.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Whether <c>@cache</c> may take earlier results; default true. Results are saved in any case.</summary>
    public bool UseCache { get; init; } = true;

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

    /// <summary>Called with each event, on the run's own thread.</summary>
    public Action<RunEvent>? OnEvent { get; init; }

    /// <summary>Called with the redacted output of steps, on the run's own thread.</summary>
    public OutputObserver? OnOutput { get; init; }

    /// <summary>Asks a person: message, the answer to a bare Enter, cancellation; gives the answer and who gave it. The default denies.</summary>
    public Func<string, bool, CancellationToken, Task<(bool Granted, string By)>> Confirm { get; init; }
        = (_, _, _) => Task.FromResult((false, "nobody could be asked"));

    /// <summary>The handle by which the run can be ended.</summary>
    public RunControl Control { get; init; } = new();
}

/// <summary>How a run ended.</summary>
/// <param name="Run">Its id.</param>
/// <param name="End">Outcome, exit code, duration, root cause.</param>
/// <param name="HistoryLost">Why its history could not be kept; null when it was.</param>
public sealed record RunResult(RunId Run, RunEnded End, string? HistoryLost);
