using System.Text;

namespace Lockstep.Cli.Tests.Live;

/// <summary>
/// What a terminal shows of the bytes it is sent, as far as lockstep uses one: text that wraps, line ends, the cursor up, erasing to the end, modes and colours that
/// leave no text. Every character is one column wide.
/// </summary>
internal sealed class TerminalScreen(int columns, int rows)
{
    private readonly List<StringBuilder> _lines = [new()];
    private readonly StringBuilder _escape = new();
    private int _line;
    private int _at;
    private int _top;

    /// <summary>Whether the cursor is shown.</summary>
    public bool CursorShown { get; private set; } = true;

    /// <summary>All rows from the first to the last with text, those that have scrolled away included.</summary>
    public string Text => string.Join('\n', _lines.SelectMany(RowsOf)).TrimEnd('\n');

    /// <summary>The rows that are in sight.</summary>
    public string InSight => string.Join('\n', _lines.SelectMany(RowsOf).Skip(_top).Take(rows)).TrimEnd('\n');

    public void Write(char character)
    {
        if (_escape.Length > 0)
        {
            _escape.Append(character);
            if (character is '[' or (>= '0' and <= '9') or '?' or ';') return;
            Obey(_escape.ToString());
            _escape.Clear();
            return;
        }

        switch (character)
        {
            case '\e': _escape.Append(character); break;
            case '\r': _at -= Column; break;
            case '\n': GoTo(Row + 1, Column); break;
            case >= ' ': Print(character); break;
            default: throw new NotSupportedException($"the character {(int)character}");
        }
    }

    private int Column => Math.Min(_at - RowInLine * columns, columns - 1);

    private int Row => _lines.Take(_line).Sum(line => RowsOf(line).Count) + RowInLine;

    /// <summary>After its last column the cursor stays in a row until something more is printed.</summary>
    private int RowInLine => _at > 0 && _at == _lines[_line].Length && _at % columns == 0 ? _at / columns - 1 : _at / columns;

    private void Print(char character)
    {
        var line = _lines[_line];
        if (_at > line.Length) line.Append(' ', _at - line.Length);
        if (_at == line.Length) line.Append(character);
        else line[_at] = character;
        _at++;
        _top = Math.Max(_top, Row - rows + 1);
    }

    private void GoTo(int row, int column)
    {
        var before = 0;
        for (_line = 0; _line < _lines.Count; _line++)
        {
            var count = RowsOf(_lines[_line]).Count;
            if (row < before + count) break;
            before += count;
        }

        if (_line == _lines.Count) _lines.Add(new());
        _at = (row - before) * columns + column;
        _top = Math.Max(_top, row - rows + 1);
    }

    private void Obey(string escape)
    {
        switch (escape)
        {
            case "\e[?25l": CursorShown = false; break;
            case "\e[?25h": CursorShown = true; break;
            case "\e[J":
                _lines[_line].Length = Math.Min(_at, _lines[_line].Length);
                _lines.RemoveRange(_line + 1, _lines.Count - _line - 1);
                break;
            case ['\e', '[', .., 'm']: break;
            case ['\e', '[', .. var count, 'A']: GoTo(Math.Max(_top, Row - int.Parse(count)), Column); break;
            default: throw new NotSupportedException($"the escape {escape[1..]}");
        }
    }

    private List<string> RowsOf(StringBuilder line)
    {
        var text = line.ToString();
        var split = new List<string>();
        for (var start = 0; start == 0 || start < text.Length; start += columns) split.Add(text.Substring(start, Math.Min(columns, text.Length - start)).TrimEnd());
        return split;
    }
}
