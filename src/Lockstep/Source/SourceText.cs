namespace Lockstep.Source;

/// <summary>A definition file's text with its path; offsets are UTF-16 code units from its start.</summary>
public sealed class SourceText
{
    private int[]? _lineStarts;

    /// <summary>Text read from <paramref name="path"/>, or made in memory under that name.</summary>
    public SourceText(string path, string text)
    {
        Path = path;
        Text = text;
    }

    /// <summary>The path as the user would write it: relative to the working directory where that is shorter.</summary>
    public string Path { get; }

    /// <summary>The whole text, as it stands in the file, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Line and column, both from 1, of an offset; an offset past the end is the end.</summary>
    public Position PositionAt(int offset)
    {
        var starts = LineStarts;
        offset = Math.Clamp(offset, 0, Text.Length);
        var index = Array.BinarySearch(starts, offset);
        var line = index >= 0 ? index : ~index - 1;
        return new Position(line + 1, offset - starts[line] + 1);
    }

    /// <summary>The text of a line counted from 1, without its line end.</summary>
    public ReadOnlySpan<char> Line(int line)
    {
        var starts = LineStarts;
        var start = starts[line - 1];
        var end = line < starts.Length ? starts[line] : Text.Length;
        return Text.AsSpan(start, end - start).TrimEnd("\r\n");
    }

    /// <summary>The characters of a span.</summary>
    public ReadOnlySpan<char> Slice(Span span) => Text.AsSpan(span.Start, span.Length);

    private int[] LineStarts
    {
        get
        {
            if (_lineStarts is not null) return _lineStarts;
            var starts = new List<int> { 0 };
            for (var i = 0; i < Text.Length; i++)
                if (Text[i] == '\n') starts.Add(i + 1);
            return _lineStarts = [.. starts];
        }
    }
}

/// <summary>A stretch of a <see cref="SourceText"/>.</summary>
public readonly record struct Span(int Start, int Length)
{
    /// <summary>The offset just past the span.</summary>
    public int End => Start + Length;

    /// <summary>The span from one offset up to, not including, another.</summary>
    public static Span FromBounds(int start, int end) => new(start, end - start);
}

/// <summary>A line and a column, both counted from 1.</summary>
public readonly record struct Position(int Line, int Column);

/// <summary>Where a thing stands in a definition file: kept in plans, so a file path and not a text.</summary>
public readonly record struct Place(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
