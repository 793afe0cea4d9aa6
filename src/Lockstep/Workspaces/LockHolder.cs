using System.Globalization;

namespace Lockstep.Workspaces;

/// <summary>Who holds a lock of this machine, so that those who wait can name it.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="ProcessId">The process that executes it.</param>
/// <param name="Command">The name it was asked for by.</param>
/// <param name="Since">When it got the lock.</param>
internal sealed record LockHolder(string Run, int ProcessId, string Command, DateTimeOffset Since)
{
    private const string FirstLine = "lockstep lock 1";

    /// <inheritdoc/>
    public override string ToString()
        => $"{Run} ('{Command}', process {ProcessId}, since {Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC)";

    /// <summary>The text kept in the lock's file; the last line tells a whole text from one still being written.</summary>
    public string ToText() => string.Join(
        '\n',
        FirstLine,
        OneLine(Run),
        ProcessId.ToString(CultureInfo.InvariantCulture),
        OneLine(Command),
        Since.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        "end\n");

    /// <summary>The holder a text tells of; null when it is not a whole one.</summary>
    public static LockHolder? Parse(string text)
        => text.Split('\n') is [FirstLine, var run, var process, var command, var since, "end", ""]
           && int.TryParse(process, CultureInfo.InvariantCulture, out var id)
           && long.TryParse(since, CultureInfo.InvariantCulture, out var milliseconds)
           && Math.Abs(milliseconds) < TimeSpan.MaxValue.TotalMilliseconds / 4
            ? new LockHolder(run, id, command, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
            : null;

    private static string OneLine(string text) => text.Replace('\n', ' ').Replace('\r', ' ');
}
