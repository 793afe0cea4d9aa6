using Lockstep.Execution.Steps;
using Lockstep.Journal;

namespace Lockstep.Execution;

/// <summary>The program's exit codes, all of them.</summary>
public static class ExitCode
{
    /// <summary>It did what it was asked to.</summary>
    public const int Success = 0;

    /// <summary>A step failed without a code of its own.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage, or a definition with errors.</summary>
    public const int Usage = 2;

    /// <summary>Refused: a confirmation denied, a plan that is not the expected one.</summary>
    public const int Refused = 3;

    /// <summary>No such command, run, step or file.</summary>
    public const int NotFound = 4;

    /// <summary>An error in lockstep itself.</summary>
    public const int Internal = 70;

    /// <summary>Paused or parked: the run can go on later.</summary>
    public const int Paused = 75;

    /// <summary>A time-out ended the run.</summary>
    public const int TimedOut = 124;

    /// <summary>A person or a signal interrupted the run.</summary>
    public const int Interrupted = 130;

    internal static int Of(StepResult result) => result switch
    {
        { Outcome: Outcome.Succeeded or Outcome.Stopped } => Success,
        { Outcome: Outcome.TimedOut } => TimedOut,
        { Outcome: Outcome.Cancelled } => Interrupted,
        { Outcome: Outcome.Refused } => Refused,
        { ExitCode: { } code and not 0 } => code,
        _ => Failed,
    };
}
