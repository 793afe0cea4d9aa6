using Lockstep.Journal;

namespace Lockstep.Sqlite;

/// <summary>A run's status as the store writes it.</summary>
internal static class StatusText
{
    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Running or RunStatus.Crashed => "running",
        RunStatus.Paused => "paused",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Failed => "failed",
        RunStatus.TimedOut => "timed-out",
        RunStatus.Cancelled => "cancelled",
        RunStatus.Refused => "refused",
        RunStatus.Stopped => "stopped",
        _ => throw new InvalidOperationException($"no text for the status {status}"),
    };

    public static RunStatus Parse(string text) => text switch
    {
        "running" => RunStatus.Running,
        "paused" => RunStatus.Paused,
        "succeeded" => RunStatus.Succeeded,
        "failed" => RunStatus.Failed,
        "timed-out" => RunStatus.TimedOut,
        "cancelled" => RunStatus.Cancelled,
        "refused" => RunStatus.Refused,
        "stopped" => RunStatus.Stopped,
        _ => throw new JournalException($"the store holds a status that this release does not know: '{text}'"),
    };
}
