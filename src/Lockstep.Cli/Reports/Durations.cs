using System.Globalization;

namespace Lockstep.Cli.Reports;

/// <summary>Measured times, rounded to what a reader wants: <c>340ms</c>, <c>1.3s</c>, <c>2m05s</c>, <c>1h02m</c>.</summary>
internal static class Durations
{
    public static string Short(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1 } => "0ms",
        { TotalMilliseconds: < 999.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms"),
        { TotalSeconds: < 59.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d{time.Hours:00}h"),
    };

    /// <summary>Whole units only, for a clock that runs.</summary>
    public static string Running(TimeSpan time) => time.TotalSeconds < 60 ? $"{(int)time.TotalSeconds}s" : Short(time);

    /// <summary>The time of a step; of one with several attempts the latest's own, of all since the first began.</summary>
    public static string OfAttempt(TimeSpan own, TimeSpan all, int attempts) => attempts > 1 ? $"{Short(own)} of {Short(all)}" : Short(own);

    /// <summary>How long ago something was.</summary>
    public static string Ago(TimeSpan time) => time switch
    {
        { TotalSeconds: < 5 } => "just now",
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds}s ago",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes}m ago",
        { TotalDays: < 1 } => $"{(int)time.TotalHours}h ago",
        _ => $"{(int)time.TotalDays}d ago",
    };
}
