using Lockstep.Commands.Decorators;

namespace Lockstep.Commands.Parsing;

/// <summary>
/// Where a decorator's arguments and their strings end. The index, which skips them, and the parser, which reads them, both ask here,
/// so they agree. Each question is answered in one pass over the text, whatever the text is.
/// </summary>
internal sealed class ArgumentLexer(string text)
{
    // A value decorator tried inside a string and found unclosed: none that begins before `_failedTo` is tried again, or a line of them would
    // be read once for each.
    private int _failedTo;

    /// <summary>Forgets what was tried: called before a decorator outside strings is read.</summary>
    public void Begin() => _failedTo = 0;

    /// <summary>The offset just past the <c>)</c> that closes the arguments opened at <paramref name="open"/>; -1 when no such stands on the line.</summary>
    /// <param name="open">The offset of <c>(</c>.</param>
    /// <param name="end">Where to give up.</param>
    /// <param name="templates">Whether their strings may hold value decorators.</param>
    public int EndOfArguments(int open, int end, bool templates)
    {
        if (templates) Begin();
        return SkipArguments(open, end, templates);
    }

    /// <summary>The offset just past the string that begins at <paramref name="start"/>; -1 when it is not closed.</summary>
    public int EndOfString(int start, int end, bool templates) => text[start] switch
    {
        '`' => EndOfBackticks(start, end),
        '\'' => EndOfLiteral(start, end),
        _ => EndOfQuoted(start, end, templates),
    };

    /// <summary>Whether a value decorator with closed arguments begins at an <c>@</c> in a string; if so, where it ends.</summary>
    public bool IsValueInString(int at, int end, out int after)
    {
        after = -1;
        var length = Lines.NameLength(text, at + 1, end);
        var open = at + 1 + length;
        if (length == 0 || open >= end || text[open] != '(' || at < _failedTo) return false;
        if (Decorators.Decorators.Find(text.AsSpan(at + 1, length)) is not { Role: DecoratorRole.Value }) return false;
        after = SkipArguments(open, end, templates: false);
        if (after < 0) _failedTo = Lines.LogicalEnd(text, open, end);
        return after >= 0;
    }

    private int SkipArguments(int open, int end, bool templates)
    {
        var depth = 0;
        for (var at = open; at < end;)
        {
            switch (text[at])
            {
                case '(':
                    depth++;
                    at++;
                    break;
                case ')':
                    at++;
                    if (--depth == 0) return at;
                    break;
                case '"' or '\'' or '`':
                    at = EndOfString(at, end, templates);
                    if (at < 0) return -1;
                    break;
                case '\n':
                    return -1;
                case '\\' when Lines.IsJoin(text, at, end, out var next):
                    at = next;
                    break;
                default:
                    at++;
                    break;
            }
        }
        return -1;
    }

    private int EndOfBackticks(int start, int end)
    {
        var length = text.AsSpan(start + 1, end - start - 1).IndexOf('`');
        return length < 0 ? -1 : start + length + 2;
    }

    private int EndOfLiteral(int start, int end)
    {
        var length = text.AsSpan(start + 1, end - start - 1).IndexOfAny('\'', '\n');
        return length < 0 || text[start + 1 + length] == '\n' ? -1 : start + length + 2;
    }

    private int EndOfQuoted(int start, int end, bool templates)
    {
        for (var at = start + 1; at < end;)
        {
            switch (text[at])
            {
                case '"':
                    return at + 1;
                case '\n':
                    return -1;
                case '\\' when Lines.IsJoin(text, at, end, out var next):
                    at = next;
                    break;
                case '\\':
                    at += 2;
                    break;
                case '@' when templates && IsValueInString(at, end, out var after):
                    at = after;
                    break;
                default:
                    at++;
                    break;
            }
        }
        return -1;
    }
}
