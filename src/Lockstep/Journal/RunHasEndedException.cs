namespace Lockstep.Journal;

/// <summary>A run can't go on because it has ended.</summary>
/// <param name="run">The run.</param>
/// <param name="status">How it ended.</param>
/// <param name="exitCode">Its exit code.</param>
public sealed class RunHasEndedException(RunId run, RunStatus status, int exitCode) : Exception($"{run} has ended")
{
    /// <summary>How it ended.</summary>
    public RunStatus Status { get; } = status;

    /// <summary>Its exit code.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>A run can't be taken over because another process executes it.</summary>
/// <param name="run">The run.</param>
/// <param name="process">The number of the process that executes it.</param>
/// <param name="machine">The machine it is on.</param>
public sealed class RunIsHeldException(RunId run, int process, string machine) : Exception($"{run} is executed by process {process} on {machine}")
{
    /// <summary>The number of the process that executes it.</summary>
    public int Process { get; } = process;

    /// <summary>The machine it is on.</summary>
    public string Machine { get; } = machine;
}
