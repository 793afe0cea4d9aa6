using Lockstep.Commands.Decorators;

namespace Lockstep.Commands.Parsing;

/// <summary>Where bodies, statements and one-line blocks end.</summary>
/// <remarks>
/// The index has to know where a body ends without parsing it. It can, because blocks are made of lines:
/// <list type="bullet">
/// <item>A block opens with the <c>{</c> of a decorator, a branch or a command's header, standing last on its line (comments aside); it closes with
/// a <c>}</c> standing first on a line. A block that opens in the middle of a line closes on that line and does not count.</item>
/// <item>All else on a line is shell text and can't open or close anything, so only lines that begin with <c>@</c>, <c>{</c>, <c>}</c> or a branch's
/// name are looked into. Only the arguments of the decorator that begins a statement can hold a newline, in a string in back-ticks.</item>
/// </list>
/// The parser asks the same methods, and is given the body the index found as its whole world: in a file with errors the two may see
/// different blocks, but never different bodies.
/// </remarks>
internal sealed class BodyOutline(string text)
{
    private readonly ArgumentLexer _arguments = new(text);
    private readonly List<bool> _patterns = [];
    private readonly Dictionary<int, int> _braces = [];

    /// <summary>The offset of the newline after the body's last line; -1 when a block in it is not closed before <paramref name="end"/>.</summary>
    /// <param name="start">Just past the header's colon.</param>
    /// <param name="end">The end of the file.</param>
    /// <param name="stopAtHeaders">Whether an unindented line that looks like a command's header ends an unclosed body: the better guess once a file is known to be broken.</param>
    public int EndOfBody(int start, int end, bool stopAtHeaders)
    {
        _patterns.Clear();
        var at = Lines.SkipBlanks(text, start, end);
        at = EndOfLine(at, end, braces: true);
        while (_patterns.Count > 0)
        {
            if (at >= end) return -1;
            if (stopAtHeaders ? LooksLikeHeader(at + 1, end) : IsHeader(at + 1, end) && !HoldsHereDocument(start, at)) return at;
            at = Lines.SkipBlanks(text, at + 1, end);
            var closed = false;
            while (at < end && text[at] == '}' && _patterns.Count > 0)
            {
                _patterns.RemoveAt(_patterns.Count - 1);
                at = Lines.SkipBlanks(text, at + 1, end);
                closed = true;
            }
            at = closed && _patterns.Count == 0 ? Lines.LogicalEnd(text, at, end) : EndOfLine(at, end, braces: false);
        }
        return at;
    }

    /// <summary>The newline after a statement that is not a block.</summary>
    public int EndOfStatement(int start, int end)
    {
        var at = start;
        if (at < end && text[at] == '@')
        {
            var length = Lines.NameLength(text, at + 1, end);
            var open = at + 1 + length;
            if (length > 0 && open < end && text[open] == '(') at = Math.Max(at, _arguments.EndOfArguments(open, end, templates: true));
        }
        return Lines.LogicalEnd(text, at, end);
    }

    /// <summary>Looks for the <c>}</c> that closes the block opened at <paramref name="open"/>, before <paramref name="end"/>.</summary>
    public ClosingBrace ClosingBrace(int open, int end)
    {
        // Found with the block around it: a line is read once, not once for each level.
        if (_braces.TryGetValue(open, out var close) && close < end) return new ClosingBrace(close, 0, null);
        var lexer = new ShellLexer(text, _arguments, open + 1, end, isOneLine: true) { Braces = _braces };
        DecoratorRole? role = null;
        while (true)
        {
            var token = lexer.Next();
            switch (token.Kind)
            {
                case ShellTokenKind.CloseBrace:
                    return new ClosingBrace(token.Start, 0, null);
                case ShellTokenKind.Misplaced:
                    role = Decorators.Decorators.Find(text.AsSpan(token.Start + 1, Lines.NameLength(text, token.Start + 1, end)))?.Role;
                    break;
                case ShellTokenKind.End or ShellTokenKind.Comment or ShellTokenKind.ShellComment:
                    var unclosed = 1 + lexer.OpenGroups;
                    var attached = unclosed == 1 && lexer.Unclosed is null ? AttachedBrace(open, token.Start) : -1;
                    return new ClosingBrace(-1, unclosed, lexer.Unclosed) { Attached = attached, IsPattern = role == DecoratorRole.Pattern };
            }
        }
    }

    // `{ make}`: text to a shell, and not what was meant at the end of a line.
    private int AttachedBrace(int open, int end)
    {
        var last = Lines.TrimEnd(text, open + 1, end) - 1;
        var length = 0;
        while (last - length > open && text[last - length] == '}') length++;
        return length == 1 && !text.AsSpan(open + 1, last - open - 1).Contains('{') ? last : -1;
    }

    /// <summary>Whether a name begins here that a block follows, with no colon between them.</summary>
    public bool IsBranchWithoutColon(int start, int end, out int brace)
    {
        var after = start + Lines.NameLength(text, start, end);
        brace = Lines.SkipBlanks(text, after, end);
        return after > start && brace < end && text[brace] == '{' && IsAloneOnLine(brace, end);
    }

    /// <summary>The offset of the <c>;</c> that ends a statement of a one-line block, or <paramref name="end"/>.</summary>
    public int EndOfOneLineStatement(int start, int end)
    {
        var lexer = new ShellLexer(text, _arguments, start, end, isOneLine: true);
        while (true)
        {
            var token = lexer.Next();
            if (token.Kind is ShellTokenKind.Semicolon or ShellTokenKind.End) return token.Start;
        }
    }

    /// <summary>Whether a branch begins here; its colon and its name, which is empty unless it is one.</summary>
    public bool IsBranch(int start, int end, bool isOneLine, out int nameEnd, out int colon)
    {
        colon = -1;
        nameEnd = start < end && text[start] is '"' or '\'' ? _arguments.EndOfString(start, Lines.PhysicalEnd(text, start, end), templates: false)
            : start + Lines.NameLength(text, start, end);
        if (nameEnd <= start) return false;
        var at = Lines.SkipBlanks(text, nameEnd, end);
        if (at >= end || text[at] != ':') return false;
        colon = at;
        return !isOneLine || at + 1 >= end || Lines.IsBlank(text[at + 1]) || text[at + 1] is '{' or ';' or '\n' or '\\';
    }

    private int EndOfLine(int at, int end, bool braces)
    {
        if (Lines.IsComment(text, at, end)) return Lines.PhysicalEnd(text, at, end);
        if (_patterns.Count > 0 && _patterns[^1] && IsBranch(at, end, isOneLine: false, out _, out var colon))
        {
            at = Lines.SkipBlanks(text, colon + 1, end);
            braces = true;
        }
        else if (_patterns.Count > 0 && _patterns[^1] && IsBranchWithoutColon(at, end, out var brace)) return Open(brace, end, isPattern: false);
        if (at < end && text[at] == '{' && (braces || IsAloneOnLine(at, end))) return Open(at, end, isPattern: false);
        while (at < end && text[at] == '@')
        {
            var length = Lines.NameLength(text, at + 1, end);
            if (length == 0) break;
            var role = Decorators.Decorators.Find(text.AsSpan(at + 1, length))?.Role;
            var after = at + 1 + length;
            if (after < end && text[after] == '(')
            {
                after = _arguments.EndOfArguments(after, end, templates: true);
                if (after < 0) return role is DecoratorRole.Value or DecoratorRole.Action ? Lines.LogicalEnd(text, at, end) : OpenLast(at, end, role);
            }
            at = after;
            if (role is DecoratorRole.Value or DecoratorRole.Action) break;
            after = Lines.SkipBlanks(text, after, end);
            if (after < end && text[after] == '{') return Open(after, end, role == DecoratorRole.Pattern);
            if (after >= end || text[after] != '@') return role is null ? Lines.LogicalEnd(text, at, end) : OpenLast(at, end, role);
            at = after;
        }
        return Lines.LogicalEnd(text, at, end);
    }

    // A mistake stands before the brace, which opens a block all the same.
    private int OpenLast(int at, int end, DecoratorRole? role)
    {
        var brace = Lines.LastBrace(text, at, end);
        return brace < 0 ? Lines.LogicalEnd(text, at, end) : Open(brace, end, role == DecoratorRole.Pattern);
    }

    private int Open(int open, int end, bool isPattern)
    {
        var content = Lines.SkipBlanks(text, open + 1, end);
        var lineEnd = Lines.LogicalEnd(text, content, end);
        if (content < lineEnd && !Lines.IsComment(text, content, lineEnd))
        {
            var brace = ClosingBrace(open, lineEnd);
            if (brace.Close >= 0 || brace.Quote is not null || brace.Attached >= 0) return lineEnd;
            for (var unclosed = brace.Unclosed; unclosed > 1; unclosed--) _patterns.Add(isPattern);
            if (brace.Unclosed > 1) isPattern = brace.IsPattern;
        }
        _patterns.Add(isPattern);
        return lineEnd;
    }

    private bool IsAloneOnLine(int brace, int end)
    {
        var after = Lines.SkipBlanks(text, brace + 1, end);
        return after >= end || text[after] == '\n' || Lines.IsComment(text, after, end);
    }

    // No program's name ends with a colon, so this begins the next command, and a `}` is missing before it. Among branches it may be one of them.
    private bool IsHeader(int start, int end)
    {
        if (_patterns[^1]) return false;
        var length = Lines.NameLength(text, start, end);
        if (length > 0 && start + length < end && text[start + length] == ' ')
        {
            var word = text.AsSpan(start, length);
            if (word is "var") return true;
            if (word is not ("watch" or "stop")) return false;
            start = Lines.SkipBlanks(text, start + length, end);
            length = Lines.NameLength(text, start, end);
        }
        var after = start + length;
        if (length == 0 || after >= end) return false;
        if (text[after] == '(') after = _arguments.EndOfArguments(after, end, templates: false);
        return after >= 0 && after < end && text[after] == ':' && (after + 1 >= end || Lines.IsBlank(text[after + 1]) || text[after + 1] is '\n' or '{' or '@');
    }

    // Its lines may be anything.
    private bool HoldsHereDocument(int start, int end) => text.AsSpan(start, end - start).Contains("<<", StringComparison.Ordinal);

    private bool LooksLikeHeader(int start, int end)
    {
        var length = Lines.NameLength(text, start, end);
        if (length == 0) return false;
        var after = start + length;
        if (after >= end) return false;
        if (text[after] is ' ' && text.AsSpan(start, length) is "var" or "watch" or "stop") return true;
        if (text[after] == '(') after = _arguments.EndOfArguments(after, end, templates: false);
        return after >= 0 && after < end && text[after] == ':';
    }
}

/// <summary>Where a one-line block closes.</summary>
/// <param name="Close">The offset of its <c>}</c>; -1 when it does not.</param>
/// <param name="Unclosed">How many blocks are open at the line's end.</param>
/// <param name="Quote">The quote that is open there, so that all braces after it are text.</param>
internal readonly record struct ClosingBrace(int Close, int Unclosed, (int Start, string Opening)? Quote)
{
    /// <summary>The offset of a <c>}</c> at the end of the line that was probably meant to close it, and has no blank before it; -1 without one.</summary>
    public int Attached { get; init; } = -1;

    /// <summary>Whether the innermost block that is open holds branches.</summary>
    public bool IsPattern { get; init; }
}
