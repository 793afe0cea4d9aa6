using System.Text;
using Lockstep.Cli.Terminal;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>The lines at the bottom of a terminal that are drawn again and again; each change is one write, so that nothing flickers.</summary>
internal sealed class LiveArea(Stream terminal)
{
    private readonly StringBuilder _text = new();
    private List<string> _lines = [];
    private bool _cursorHidden;

    /// <summary>Draws these lines in place of the ones before; <paramref name="keep"/> leaves them there for good.</summary>
    public void Replace(List<string> lines, bool keep)
    {
        _text.Clear();
        if (!_cursorHidden) _text.Append("\e[?25l");
        _cursorHidden = true;
        Rewind();
        Append(lines);
        _lines = keep ? [] : lines;
        Send();
    }

    /// <summary>Writes above the area, for good.</summary>
    public void Above(ReadOnlySpan<byte> bytes)
    {
        _text.Clear();
        Rewind();
        Send();
        terminal.Write(bytes);
        if (_lines.Count == 0) return;
        Append(_lines);
        Send();
    }

    /// <summary>Takes the area away, until the next drawing.</summary>
    public void Clear()
    {
        _text.Clear();
        Rewind();
        _lines = [];
        ShowCursor();
        Send();
    }

    /// <summary>Leaves the terminal as it was, if it is still there.</summary>
    public void Close()
    {
        try
        {
            Clear();
        }
        catch (IOException)
        {
            // There is nothing left to tidy.
        }
    }

    private void ShowCursor()
    {
        if (_cursorHidden) _text.Append("\e[?25h");
        _cursorHidden = false;
    }

    /// <summary>Goes back to the area's first line. After a resize its lines may have been wrapped to more.</summary>
    private void Rewind()
    {
        if (_lines.Count == 0) return;
        var columns = Native.Size(1)?.Columns ?? 80;
        var rows = 0;
        foreach (var line in _lines) rows += Math.Max(1, (TextWidth.Of(TextWidth.Printable(line)) + columns - 1) / columns);
        _text.Append($"\e[{rows}A\r\e[J");
    }

    private void Append(List<string> lines)
    {
        foreach (var line in lines) _text.Append(line).Append('\n');
    }

    private void Send()
    {
        if (_text.Length > 0) terminal.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }
}
