using System.Text;

namespace Lockstep.Cli.Terminal;

/// <summary>How many columns text takes on a terminal.</summary>
internal static class TextWidth
{
    /// <summary>How many columns of one text people are shown; what programs read is whole.</summary>
    public const int Longest = 400;

    /// <summary>A text of unknown length for a line that people read: printable, and of a long one the beginning.</summary>
    public static string Brief(ReadOnlySpan<char> text)
        => Cut(Printable(text.Length > 16 * Longest ? text[..(16 * Longest)] : text), Longest);

    /// <summary>The columns of text without escape sequences.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var columns = 0;
        foreach (var rune in text.EnumerateRunes()) columns += Of(rune);
        return columns;
    }

    /// <summary>The text, cut with <c>…</c> where it is wider than <paramref name="columns"/>.</summary>
    public static string Cut(string text, int columns)
    {
        if (columns <= 0) return "";
        if (text.Length <= columns / 2 || Of(text) <= columns) return text;
        var used = 0;
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var width = Of(rune);
            if (used + width > columns - 1) break;
            used += width;
            index += rune.Utf16SequenceLength;
        }
        return string.Concat(text.AsSpan(0, index), "…");
    }

    /// <summary>A line of a process's output, made safe to stand in a line of ours: no escapes, tabs as spaces, no other control characters.</summary>
    public static string Printable(ReadOnlySpan<char> line)
    {
        var plain = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\e') i = EndOfEscape(line, i);
            else if (c == '\t') plain.Append(' ', 8 - plain.Length % 8);
            else if (!char.IsControl(c)) plain.Append(c);
        }
        return plain.ToString();
    }

    /// <summary>The index of an escape sequence's last character.</summary>
    private static int EndOfEscape(ReadOnlySpan<char> line, int start)
    {
        var i = start + 1;
        if (i >= line.Length) return start;
        if (line[i] == '[')
        {
            for (i++; i < line.Length && line[i] is not (>= '@' and <= '~'); i++) { }
            return Math.Min(i, line.Length - 1);
        }
        if (line[i] is ']' or 'P' or '_' or '^')
        {
            for (i++; i < line.Length; i++)
            {
                if (line[i] == '\a') return i;
                if (line[i] == '\e' && i + 1 < line.Length && line[i + 1] == '\\') return i + 1;
            }
            return line.Length - 1;
        }
        return i;
    }

    private static int Of(Rune rune)
    {
        var value = rune.Value;
        if (value < 0x300) return value < 0x20 || value is >= 0x7f and < 0xa0 ? 0 : 1;
        if (IsCombining(value)) return 0;
        return IsWide(value) ? 2 : 1;
    }

    private static bool IsCombining(int value)
        => value is (>= 0x300 and <= 0x36f) or (>= 0x200b and <= 0x200f) or (>= 0x20d0 and <= 0x20ff) or (>= 0xfe00 and <= 0xfe0f)
            or (>= 0x1ab0 and <= 0x1aff) or (>= 0xfe20 and <= 0xfe2f) or 0x2060 or 0xfeff;

    // East Asian wide and full width, and emoji: the ranges that wcwidth of common terminals gives two columns.
    private static bool IsWide(int value)
        => value is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0x303e) or (>= 0x3041 and <= 0x33ff) or (>= 0x3400 and <= 0x4dbf)
            or (>= 0x4e00 and <= 0x9fff) or (>= 0xa000 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff)
            or (>= 0xfe30 and <= 0xfe6f) or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6) or (>= 0x1f300 and <= 0x1f64f)
            or (>= 0x1f680 and <= 0x1f6ff) or (>= 0x1f900 and <= 0x1faff) or (>= 0x20000 and <= 0x3fffd)
            or 0x231a or 0x231b or (>= 0x23e9 and <= 0x23ec) or 0x2705 or 0x274c or 0x2728 or 0x2b50 or 0x26a1;
}
