using System.Globalization;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>Moments as people write them: an age, or a date.</summary>
internal static class Moments
{
    private static readonly string[] _dates = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFK"];

    /// <summary>A moment that has passed; null where none is written.</summary>
    public static DateTimeOffset? Past(string flag, string? when, DateTimeOffset now, string use)
    {
        if (when is null) return null;
        var days = when.EndsWith('d') && int.TryParse(when.AsSpan(0, when.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        if (days > 0) return now.AddDays(-Math.Min(days, 100_000));
        if (HumanDuration.TryParse(when, out var duration) && duration >= TimeSpan.Zero && duration < now - DateTimeOffset.MinValue) return now - duration;
        return DateTimeOffset.TryParseExact(when, _dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date
            : throw CliException.Usage($"{flag} is '{when}', which is neither an age such as 90s, 15m, 2h or 7d nor a date such as 2026-11-20 or 2026-11-20T14:30", use: use);
    }
}
