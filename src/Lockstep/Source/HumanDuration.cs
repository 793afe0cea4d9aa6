using System.Globalization;

namespace Lockstep.Source;

/// <summary>Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>1h30m</c>. Units are <c>h m s ms us ns</c>, largest first.</summary>
internal static class HumanDuration
{
    private static ReadOnlySpan<long> UnitTicks
        => [TimeSpan.TicksPerHour, TimeSpan.TicksPerMinute, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMicrosecond];

    /// <summary>The shortest exact form, such as <c>1h30m</c>; nothing at all is <c>0s</c>, a day is <c>24h</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        Span<char> text = stackalloc char[48];
        return new string(text[..Format(duration, text)]);
    }

    /// <summary>Reads what <see cref="Format(TimeSpan)"/> writes, and also units that are out of order or twice, and fractions such as <c>1.5s</c>.</summary>
    /// <returns>False when it is no duration, or longer than a <see cref="TimeSpan"/> holds.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative) text = text[1..];
        if (text.IsEmpty) return false;

        var total = 0m;
        while (!text.IsEmpty)
        {
            var digits = LengthWhile(text, number: true);
            if (digits == 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
            text = text[digits..];
            var unit = text[..LengthWhile(text, number: false)];
            text = text[unit.Length..];
            var ticks = TicksOf(unit);
            if (ticks == 0 || number > long.MaxValue / ticks) return false;
            total += number * ticks;
            if (total > long.MaxValue) return false;
        }

        duration = TimeSpan.FromTicks((long)(negative ? -total : total));
        return true;
    }

    private static int LengthWhile(ReadOnlySpan<char> text, bool number)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiDigit(text[length]) || text[length] == '.') == number) length++;
        return length;
    }

    private static int Format(TimeSpan duration, Span<char> text)
    {
        if (duration == TimeSpan.Zero)
        {
            "0s".CopyTo(text);
            return 2;
        }

        var length = 0;
        if (duration < TimeSpan.Zero) text[length++] = '-';
        var left = duration == TimeSpan.MinValue ? (ulong)long.MaxValue + 1 : (ulong)Math.Abs(duration.Ticks);
        for (var i = 0; i < UnitTicks.Length; i++)
        {
            var (count, rest) = Math.DivRem(left, (ulong)UnitTicks[i]);
            left = rest;
            if (count > 0) Append(count, UnitName(i), text, ref length);
        }

        if (left > 0) Append(left * 100, "ns", text, ref length);
        return length;
    }

    private static void Append(ulong count, string unit, Span<char> text, ref int length)
    {
        count.TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        unit.CopyTo(text[length..]);
        length += unit.Length;
    }

    private static string UnitName(int index) => index switch { 0 => "h", 1 => "m", 2 => "s", 3 => "ms", _ => "us" };

    private static decimal TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => TimeSpan.TicksPerHour,
        "m" => TimeSpan.TicksPerMinute,
        "s" => TimeSpan.TicksPerSecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "us" => TimeSpan.TicksPerMicrosecond,
        "ns" => 0.01m,
        _ => 0,
    };
}
