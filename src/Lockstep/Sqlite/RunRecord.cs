using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Sqlite;

/// <summary>A run in the history's list.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Command">The name it was asked for by.</param>
/// <param name="Status">How it stands; <see cref="RunStatus.Crashed"/> when it has not ended and its process is gone.</param>
/// <param name="StartedAt">When it started, in UTC, to the millisecond.</param>
/// <param name="EndedAt">When it ended; null when it has not.</param>
/// <param name="ExitCode">The program's exit code; null when it has not ended.</param>
/// <param name="Directory">The working directory.</param>
/// <param name="GraphHash">The plan's hash.</param>
public sealed record RunRecord(
    RunId Id,
    string Command,
    RunStatus Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int? ExitCode,
    string Directory,
    string GraphHash)
{
    /// <summary>The run that this one was forked from; null when it was not, and when that one is no longer in the store.</summary>
    public RunId? Parent { get; init; }

    /// <summary>The number of the last event that it shares with <see cref="Parent"/>; null when it was not forked.</summary>
    public long? ForkedAfter { get; init; }

    internal long Key { get; init; }
}

/// <summary>Which runs a list holds; what is null does not limit it.</summary>
public sealed record RunFilter
{
    /// <summary>How many at most, the newest; default 50.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Only runs that stand so.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Only runs of this command.</summary>
    public string? Command { get; init; }

    /// <summary>Only runs of definitions in this absolute folder.</summary>
    public string? Directory { get; init; }

    /// <summary>Only runs that started then or later.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>A file with what a step printed in an attempt, redacted.</summary>
/// <param name="Step">The step.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Path">The file's absolute path.</param>
public sealed record StepLog(StepId Step, string Attempt, string Path)
{
    /// <summary>Opens it for reading, also while the step still prints.</summary>
    /// <exception cref="JournalException">It can't be read.</exception>
    public Stream Open()
    {
        try
        {
            return new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"the log of {Step} can't be read: {problem.Message.TrimEnd('.')}", problem)
            {
                Where = Path,
                Why = $"it can't be opened ({problem.Message.TrimEnd('.')})",
                Help = "give yourself read permission on it",
            };
        }
    }
}
