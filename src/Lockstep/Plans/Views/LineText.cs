using System.Globalization;
using System.Text;

namespace Lockstep.Plans.Views;

/// <summary>What a stretch of a line is, for whoever colours it.</summary>
internal enum Ink
{
    Plain,
    Yellow,
    Cyan,
    Grey,
    Marker,
    Error,
}

/// <summary>A stretch of a line in one ink, up to the next one's start.</summary>
internal readonly record struct InkRun(int Start, Ink Ink);

/// <summary>A line while it is built, in one buffer for all lines. Nothing in it can move a terminal's cursor or turn its text around.</summary>
internal sealed class LineText
{
    private readonly List<InkRun> _runs = [];
    private char[] _chars = new char[256];
    private readonly char[] _escape = new char[8];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, _length);

    public IReadOnlyList<InkRun> Runs => _runs;

    public void Clear() => Rewind(0);

    /// <summary>Takes back everything past a length the line once had.</summary>
    public void Rewind(int length)
    {
        _length = length;
        while (_runs.Count > 0 && _runs[^1].Start >= length) _runs.RemoveAt(_runs.Count - 1);
    }

    /// <summary>The end of the run that starts at an index of <see cref="Runs"/>.</summary>
    public int EndOf(int run) => run + 1 < _runs.Count ? _runs[run + 1].Start : _length;

    /// <summary>Adds text of our own.</summary>
    public void Add(ReadOnlySpan<char> text, Ink ink = Ink.Plain)
    {
        if (text.IsEmpty) return;
        Start(ink);
        Room(text.Length);
        text.CopyTo(_chars.AsSpan(_length));
        _length += text.Length;
    }

    public void Add(int number, Ink ink = Ink.Plain)
    {
        Span<char> digits = stackalloc char[11];
        number.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        Add(digits[..written], ink);
    }

    /// <summary>Adds anybody's text; what a terminal would obey instead of show is escaped.</summary>
    public void AddSafe(ReadOnlySpan<char> text, Ink ink = Ink.Plain)
    {
        var columns = 0;
        AddSafe(text, ink, ref columns, int.MaxValue);
    }

    /// <summary>As <see cref="AddSafe(ReadOnlySpan{char}, Ink)"/>, up to a number of columns; what does not fit is left out.</summary>
    /// <param name="text">Anybody's text.</param>
    /// <param name="ink">Its ink.</param>
    /// <param name="columns">How many columns are taken, before and after.</param>
    /// <param name="limit">How many there are.</param>
    /// <returns>Whether all of it fitted.</returns>
    public bool AddSafe(ReadOnlySpan<char> text, Ink ink, ref int columns, int limit)
    {
        if (text.IsEmpty) return true;
        Start(ink);
        while (!text.IsEmpty)
        {
            if (text[0] is >= ' ' and < '\u007f')
            {
                if (columns >= limit) return false;
                Room(1);
                _chars[_length++] = text[0];
                columns++;
                text = text[1..];
                continue;
            }

            var status = Rune.DecodeFromUtf16(text, out var rune, out var taken);
            var shown = text[..taken];
            int width;
            if (status != System.Buffers.OperationStatus.Done || IsUnsafe(rune)) shown = Escape(text[0], out width);
            else width = Width(rune);
            if (columns + width > limit) return false;
            Room(shown.Length);
            shown.CopyTo(_chars.AsSpan(_length));
            _length += shown.Length;
            columns += width;
            text = text[taken..];
        }

        return true;
    }

    /// <summary>Adds anybody's text, with <c>...</c> at its end where it has more columns than <paramref name="limit"/>.</summary>
    public void AddCut(ReadOnlySpan<char> text, Ink ink, int limit)
    {
        var columns = 0;
        var start = _length;
        if (AddSafe(text, ink, ref columns, limit)) return;
        Rewind(start);
        columns = 0;
        AddSafe(text, ink, ref columns, limit - 3);
        Add("...", ink);
    }

    private void Start(Ink ink)
    {
        if (_runs.Count > 0 ? _runs[^1].Ink != ink : ink != Ink.Plain || _length == 0) _runs.Add(new(_length, ink));
    }

    private void Room(int more)
    {
        if (_length + more > _chars.Length) Array.Resize(ref _chars, Math.Max(_chars.Length * 2, _length + more));
    }

    private ReadOnlySpan<char> Escape(char unsafeChar, out int width)
    {
        ReadOnlySpan<char> shown = unsafeChar switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => "" };
        if (shown.IsEmpty)
        {
            var wide = unsafeChar > '\u00ff';
            (wide ? "\\u" : "\\x").CopyTo(_escape);
            ((int)unsafeChar).TryFormat(_escape.AsSpan(2), out var digits, wide ? "x4" : "x2", CultureInfo.InvariantCulture);
            shown = _escape.AsSpan(0, 2 + digits);
        }

        width = shown.Length;
        return shown;
    }

    // Besides controls: line ends of Unicode's own, and what turns the direction of the text that follows.
    private static bool IsUnsafe(Rune rune) => rune.Value switch
    {
        < 0x20 or (>= 0x7f and < 0xa0) => true,
        0x200e or 0x200f or 0x061c or 0xfeff => true,
        >= 0x2028 and <= 0x202e => true,
        >= 0x2066 and <= 0x2069 => true,
        _ => false,
    };

    private static int Width(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        >= 0x1100 and <= 0x115f => 2,
        >= 0x2e80 and <= 0xa4cf => 2,
        >= 0xac00 and <= 0xd7a3 => 2,
        >= 0xf900 and <= 0xfaff => 2,
        >= 0xfe30 and <= 0xfe6f => 2,
        >= 0xff00 and <= 0xff60 => 2,
        >= 0xffe0 and <= 0xffe6 => 2,
        >= 0x1f300 and <= 0x1faff => 2,
        >= 0x20000 and <= 0x3fffd => 2,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0 : 1,
    };
}
