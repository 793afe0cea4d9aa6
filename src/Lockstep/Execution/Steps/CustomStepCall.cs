namespace Lockstep.Execution.Steps;

/// <summary>A call of a host's step.</summary>
/// <param name="Step">The step's id.</param>
/// <param name="Attempt">The attempt's number in each enclosing retry; empty where nothing retries.</param>
/// <param name="Key">The same text each time this step of this run is called, for services that take an idempotency key.</param>
/// <param name="Directory">The absolute folder the step runs in.</param>
/// <param name="Parameters">The parameters by name, their values inserted.</param>
/// <param name="Print">Writes to the step's output, which is redacted, shown and kept as a process's is. From any thread, until the step has ended.</param>
public sealed record CustomStepCall(
    string Step, string Attempt, string Key, string Directory, IReadOnlyDictionary<string, string> Parameters, Action<string> Print);

/// <summary>How a host's step ended.</summary>
/// <param name="Error">One sentence; null when it succeeded.</param>
/// <param name="ExitCode">The exit code of a run that fails by it; 1 by default.</param>
public sealed record CustomStepResult(string? Error = null, int ExitCode = 1)
{
    /// <summary>It did what it should.</summary>
    public static CustomStepResult Success { get; } = new();

    /// <summary>It did not.</summary>
    public static CustomStepResult Failure(string error, int exitCode = 1) => new(error, exitCode);
}

/// <summary>The code of a host's step. The token is cancelled when the step has to end; an exception is a failure.</summary>
public delegate ValueTask<CustomStepResult> CustomStepHandler(CustomStepCall call, CancellationToken cancel);
