namespace Lockstep.Values;

/// <summary>What a shell command answered.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error, or the end of it.</param>
internal readonly record struct ShellAnswer(int ExitCode, string Output, string Error)
{
    /// <summary>Whether it was killed because it printed more than <see cref="ValueText.MaxBytes"/>.</summary>
    public bool TooLong { get; init; }
}

/// <summary>All of the world that values are taken from.</summary>
internal sealed record ValueSurroundings
{
    /// <summary>Reads an environment variable; null when it is unset.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock of timestamps, cache ages and time-outs.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The absolute folder that paths are relative to: the definition file's.</summary>
    public required string Directory { get; init; }

    /// <summary>Makes a new version 7 UUID.</summary>
    public required Func<Guid> NewUuid { get; init; }

    /// <summary>Runs a shell command to its end, for <c>@sh</c> and secrets from a command.</summary>
    public required Func<string, CancellationToken, Task<ShellAnswer>> Shell { get; init; }

    /// <summary>Where fetched values are kept; null keeps none.</summary>
    public ValueCache? Cache { get; init; }
}
