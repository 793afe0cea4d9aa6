using System.Globalization;

namespace Lockstep.Source;

/// <summary>Amounts of memory as people write them: <c>512MB</c>, <c>1.5GiB</c>. KB, MB, GB and TB are powers of 1000; KiB, MiB, GiB and TiB of 1024.</summary>
internal static class HumanSize
{
    private static ReadOnlySpan<long> Units => [1L << 40, 1_000_000_000_000, 1L << 30, 1_000_000_000, 1L << 20, 1_000_000, 1L << 10, 1_000, 1];

    /// <summary>The shortest exact form, such as <c>512MB</c>: a whole number of as few digits as can be, of two units the one of powers of 1000.</summary>
    /// <param name="bytes">Zero or more.</param>
    public static string Format(long bytes)
    {
        var best = Units.Length - 1;
        for (var i = 0; i < Units.Length - 1; i++)
            if (bytes > 0 && bytes % Units[i] == 0 && Length(i) < Length(best)) best = i;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / Units[best]}{NameOf(best)}");

        int Length(int unit)
        {
            var length = IsBinary(unit) ? 1 : 0;
            for (var count = bytes / Units[unit]; count > 0; count /= 10) length += 2;
            return length;
        }
    }

    /// <summary>Reads a number, which may have a fraction, with its unit in any case. Parts of a byte are left out.</summary>
    /// <returns>False when it is no size, has no unit, or is more than a <see cref="long"/> holds.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        var digits = text.LastIndexOfAnyInRange('0', '9') + 1;
        if (!decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        for (var i = 0; i < Units.Length; i++)
        {
            if (!text[digits..].Equals(NameOf(i), StringComparison.OrdinalIgnoreCase)) continue;
            if (number > long.MaxValue / Units[i]) return false;
            bytes = (long)(number * Units[i]);
            return true;
        }

        return false;
    }

    private static bool IsBinary(int unit) => unit % 2 == 0 && unit < Units.Length - 1;

    private static string NameOf(int unit) => unit switch
    {
        0 => "TiB",
        1 => "TB",
        2 => "GiB",
        3 => "GB",
        4 => "MiB",
        5 => "MB",
        6 => "KiB",
        7 => "KB",
        _ => "B",
    };
}
