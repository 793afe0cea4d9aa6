using System.Text;

namespace Lockstep.Commands.Parsing;

/// <summary>Where lines end, and which of them one statement makes.</summary>
internal static class Lines
{
    public static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\f' or '\v';

    /// <summary>The offset of the line's newline, or <paramref name="end"/>.</summary>
    public static int PhysicalEnd(string text, int position, int end)
    {
        var length = text.AsSpan(position, end - position).IndexOf('\n');
        return length < 0 ? end : position + length;
    }

    /// <summary>The offset of the first newline that is not escaped, or <paramref name="end"/>.</summary>
    public static int LogicalEnd(string text, int position, int end)
    {
        for (var from = position; ;)
        {
            var newline = PhysicalEnd(text, from, end);
            if (newline == end || !IsEscaped(text, position, newline)) return newline;
            from = newline + 1;
        }
    }

    /// <summary>Whether a <c>\</c> at this offset escapes the line's end; <paramref name="next"/> is where the next line's text begins.</summary>
    public static bool IsJoin(string text, int position, int end, out int next)
    {
        next = position + 1;
        if (next < end && text[next] == '\r') next++;
        if (next >= end || text[next] != '\n') return false;
        next++;
        while (next < end && text[next] is ' ' or '\t') next++;
        return true;
    }

    /// <summary>Past blanks and escaped line ends.</summary>
    public static int SkipBlanks(string text, int position, int end)
    {
        while (position < end)
        {
            if (IsBlank(text[position])) position++;
            else if (text[position] == '\\' && IsJoin(text, position, end, out var next)) position = next;
            else break;
        }
        return position;
    }

    /// <summary>The end without the blanks before it, unless the last of them is escaped.</summary>
    public static int TrimEnd(string text, int start, int end)
    {
        var trimmed = end;
        while (trimmed > start && (IsBlank(text[trimmed - 1]) || text[trimmed - 1] == '\n'))
        {
            trimmed--;
            if (text[trimmed] == '\n' && IsEscaped(text, start, trimmed)) trimmed = BeforeEscape(text, trimmed);
        }
        return trimmed < end && text[trimmed] is ' ' or '\t' && IsEscaped(text, start, trimmed) ? trimmed + 1 : trimmed;
    }

    /// <summary>The offset of a <c>{</c> that stands last on the line and after a blank; -1 without one.</summary>
    public static int LastBrace(string text, int position, int end)
    {
        var last = TrimEnd(text, position, LogicalEnd(text, position, end)) - 1;
        return last >= position && text[last] == '{' && (last == 0 || IsBlank(text[last - 1]) || text[last - 1] is ')' or ':') ? last : -1;
    }

    public static bool IsComment(string text, int position, int end)
        => position < end && (text[position] == '#' || (text[position] == '/' && position + 1 < end && text[position + 1] == '/'));

    /// <summary>The length of the name that begins here: a letter of any script or <c>_</c>, then letters, digits, <c>-</c> and <c>_</c>; 0 for none.</summary>
    public static int NameLength(string text, int position, int end)
    {
        if (position >= end || !IsNameStart(text[position])) return 0;
        var at = position + 1;
        while (at < end && IsNamePart(text[at])) at++;
        return at - position;
    }

    public static bool IsName(string text) => text.Length > 0 && NameLength(text, 0, text.Length) == text.Length;

    public static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c > 127 && char.IsLetter(c));

    public static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (c > 127 && char.IsLetterOrDigit(c));

    private static bool IsEscaped(string text, int start, int newline)
    {
        var at = text[newline] == '\n' ? BeforeReturn(text, start, newline) : newline;
        var backslashes = 0;
        while (at - backslashes > start && text[at - backslashes - 1] == '\\') backslashes++;
        return backslashes % 2 == 1;
    }

    private static int BeforeReturn(string text, int start, int newline) => newline > start && text[newline - 1] == '\r' ? newline - 1 : newline;

    private static int BeforeEscape(string text, int newline) => BeforeReturn(text, 0, newline) - 1;

    /// <summary>The text with each line end as one <c>\n</c>.</summary>
    public static string Normalise(string text)
    {
        if (!text.Contains("\r\n", StringComparison.Ordinal)) return text;
        var builder = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var newline = PhysicalEnd(text, at, text.Length);
            var line = text.AsSpan(at, newline - at);
            builder.Append(newline < text.Length ? line.TrimEnd('\r') : line);
            if (newline < text.Length) builder.Append('\n');
            at = newline + 1;
        }
        return builder.ToString();
    }
}
