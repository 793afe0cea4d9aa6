using System.Text;
using Lockstep.Commands.Parsing;
using Lockstep.Source;

namespace Lockstep.Commands.Formatting;

/// <summary>The text being written, and how far the source is written already: the comments and blank lines between two items follow by themselves.</summary>
internal sealed class FormattedText(string source)
{
    private const int IndentWidth = 4;

    private readonly StringBuilder _out = new(source.Length + source.Length / 8);
    private int _level;
    private bool _isInLine;
    private bool _isFirst = true;
    private bool _isAfterBlank;

    /// <summary>Up to where the source is written.</summary>
    public int At { get; set; }

    public void Write(string text) => _out.Append(text);

    /// <summary>Writes a stretch of the source as it is.</summary>
    public void Raw(Span span) => _out.Append(Lines.Normalise(source.Substring(span.Start, span.Length)));

    /// <summary>Begins an item on a line of its own.</summary>
    public void Item(int start)
    {
        Gap();
        StartLine(_isAfterBlank);
        At = start;
    }

    /// <summary>Begins the lines of a block, whose opening character stands before <paramref name="at"/>.</summary>
    public void Open(int at)
    {
        At = at;
        _level++;
        _isFirst = true;
    }

    /// <summary>Ends the lines of a block with the character that closes it.</summary>
    public void Close()
    {
        Gap();
        _level--;
        StartLine(afterBlank: false);
        _out.Append(source[At++]);
    }

    /// <summary>Ends a block on one line.</summary>
    public void CloseLine(bool isEmpty)
    {
        do At = Lines.SkipBlanks(source, At, source.Length);
        while (source[At++] == ';');
        _out.Append(isEmpty ? "}" : " }");
    }

    /// <summary>Writes the comments up to the next item.</summary>
    public void Gap()
    {
        var newlines = 1;
        if (_isInLine)
        {
            At = Lines.SkipBlanks(source, At, source.Length);
            if (Lines.IsComment(source, At, source.Length))
            {
                _out.Append(' ');
                Comment(Lines.LogicalEnd(source, At, source.Length));
            }
            newlines = 0;
        }
        while (true)
        {
            At = Lines.SkipBlanks(source, At, source.Length);
            if (At >= source.Length) break;
            if (source[At] == '\n')
            {
                newlines++;
                At++;
            }
            else if (Lines.IsComment(source, At, source.Length))
            {
                StartLine(newlines > 1);
                Comment(Lines.PhysicalEnd(source, At, source.Length));
                newlines = 0;
            }
            else break;
        }
        _isAfterBlank = newlines > 1;
    }

    /// <summary>The whole text, with a newline at its end unless it is empty or the newline would be escaped.</summary>
    public string Finish()
    {
        var backslashes = 0;
        while (backslashes < _out.Length && _out[^(backslashes + 1)] == '\\') backslashes++;
        if (_out.Length > 0 && backslashes % 2 == 0) _out.Append('\n');
        return _out.ToString();
    }

    private void Comment(int end)
    {
        Raw(Span.FromBounds(At, Lines.TrimEnd(source, At, end)));
        At = end;
    }

    private void StartLine(bool afterBlank)
    {
        if (_out.Length > 0) _out.Append('\n');
        if (afterBlank && !_isFirst) _out.Append('\n');
        _out.Append(' ', _level * IndentWidth);
        _isFirst = false;
        _isInLine = true;
    }
}
