using System.Collections.Immutable;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Parsing;

/// <summary>Reads a command's body: statements, blocks and branches. It recurs over blocks only, to <see cref="MaximumDepth"/>.</summary>
internal sealed partial class BodyParser
{
    public const int MaximumDepth = 200;

    private readonly Cursor _cursor;
    private readonly ValueParser _values;
    private readonly ShellParser _shell;
    private readonly BodyOutline _outline;
    private int _depth;
    private bool _isAbandoned;
    private bool _closedOnLineOfItsOwn;
    private int? _outdented;
    private bool _hasBraceTooMany;

    public BodyParser(Cursor cursor)
    {
        _cursor = cursor;
        _values = new ValueParser(cursor);
        _shell = new ShellParser(cursor, _values);
        _outline = new BodyOutline(cursor.Text);
    }

    private string Text => _cursor.Text;

    private DiagnosticBag Bag => _cursor.Bag;

    /// <summary>Whether what is left would only give errors that follow from earlier ones, or that nobody gets to see.</summary>
    private bool IsDone => _isAbandoned || Bag.IsFull;

    /// <summary>Reads a body the index found.</summary>
    public ImmutableArray<StatementSyntax> Parse(Span body)
    {
        (_cursor.Position, _cursor.End) = (body.Start, body.End);
        (_depth, _isAbandoned, _closedOnLineOfItsOwn, _outdented, _hasBraceTooMany) = (0, false, false, null, false);
        var statements = ImmutableArray.CreateBuilder<StatementSyntax>();
        _cursor.SkipBlanks();
        if (_cursor.AtLineEnd || _cursor.AtComment) return [];
        if (_cursor.Current == '{') statements.AddRange(Statements(isOneLine: false));
        else if (Statement(isOneLine: false) is { } statement) statements.Add(statement);
        if (!IsDone) AfterBody();
        return statements.ToImmutable();
    }

    /// <summary>Reads the lines of a string that holds statements, one a line.</summary>
    private ImmutableArray<StatementSyntax> ParseLines()
    {
        var statements = ImmutableArray.CreateBuilder<StatementSyntax>();
        for (SkipLines(); _cursor.Position < _cursor.End && !IsDone; SkipLines())
        {
            _closedOnLineOfItsOwn = false;
            if (Statement(isOneLine: false) is { } statement) statements.Add(statement);
            if (!IsDone) AfterStatement();
        }
        return statements.ToImmutable();
    }

    private void AfterBody()
    {
        _cursor.SkipBlanks();
        if (_cursor.AtComment) _cursor.Position = Lines.LogicalEnd(Text, _cursor.Position, _cursor.End);
        if (_cursor.Position < _cursor.End)
        {
            var isBrace = _cursor.Current == '}';
            Report(isBrace ? SyntaxDiagnostics.StrayBrace : SyntaxDiagnostics.AfterStatement, _cursor.Position, _cursor.Position + 1);
        }
    }

    /// <summary>Reads one statement; null, reported, where there is none.</summary>
    private StatementSyntax? Statement(bool isOneLine)
    {
        var start = _cursor.Position;
        switch (_cursor.Current)
        {
            case '@' when Lines.NameLength(Text, start + 1, _cursor.End) is > 0 and var length:
                return Decorated(start, start + 1 + length, isOneLine);
            case '}' when _depth == 0:
                Report(SyntaxDiagnostics.StrayBrace, start, start + 1);
                break;
            case '{' when !isOneLine && IsLastOnLine(start):
                Report(SyntaxDiagnostics.BareBlock, start, start + 1);
                Statements(isOneLine);
                return null;
        }
        return Shell(isOneLine);
    }

    private StatementSyntax? Decorated(int start, int nameEnd, bool isOneLine)
    {
        var name = Text[(start + 1)..nameEnd];
        var role = Decorators.Decorators.Find(name)?.Role;
        var hasArguments = nameEnd < _cursor.End && Text[nameEnd] == '(';
        var brace = Lines.SkipBlanks(Text, nameEnd, _cursor.End);
        var opens = brace < _cursor.End && Text[brace] == '{';
        switch (role)
        {
            case DecoratorRole.Block or DecoratorRole.Pattern:
                return Block(role == DecoratorRole.Pattern, isOneLine);
            case DecoratorRole.Action when !hasArguments:
                Bag.Add(SyntaxDiagnostics.ParenthesesWanted(_cursor.Source, _cursor.At(start, nameEnd), name));
                break;
            case null when hasArguments || opens:
                Bag.Add(_values.UnknownDecorator(start, nameEnd, isValue: false));
                Block(isPattern: false, isOneLine, isKnown: false);
                return null;
        }
        return Shell(isOneLine);
    }

    private StatementSyntax Shell(bool isOneLine)
        => _shell.Parse(isOneLine ? _cursor.End : _outline.EndOfStatement(_cursor.Position, _cursor.End), isOneLine);

    private StatementSyntax? Block(bool isPattern, bool isOneLine, bool isKnown = true)
    {
        var start = _cursor.Position;
        var errors = Bag.Count;
        var decorator = _values.ParseDecorator(templates: true);
        _cursor.SkipBlanks();
        isPattern = SkipChained(decorator) ?? isPattern;
        if (_cursor.Current == '{') return Braced(start, decorator, isPattern, isOneLine);
        if (isPattern && HasPatterns(decorator)) return new PatternSyntax(decorator, BranchesOf(decorator), decorator.Span);
        var end = EndOfStatement(isOneLine);
        var brace = isOneLine || !isKnown ? -1 : Lines.LastBrace(Text, _cursor.Position, _cursor.End);
        if (isKnown && Bag.Count == errors)
            Bag.Add(brace >= 0 && !decorator.HasParentheses
                ? SyntaxDiagnostics.ParenthesesWanted(_cursor.Source, decorator.Span, decorator.Name.Text)
                : SyntaxDiagnostics.BracesWanted(_cursor.Source, decorator.Span, decorator.Name.Text, WithBraces(start, end, isPattern)));
        _cursor.Position = brace >= 0 ? brace : end;
        return brace < 0 ? null : Braced(start, decorator with { IsBroken = true }, isPattern, isOneLine);
    }

    private StatementSyntax Braced(int start, DecoratorSyntax decorator, bool isPattern, bool isOneLine)
    {
        if (isPattern)
        {
            var branches = ImmutableArray.CreateBuilder<BranchSyntax>();
            var isReported = false;
            Braces(isOneLine, inLine => { if (Branch(inLine, decorator, ref isReported) is { } branch) branches.Add(branch); });
            return new PatternSyntax(decorator, branches.ToImmutable(), _cursor.At(start, _cursor.Position));
        }
        return new BlockSyntax(decorator, Statements(isOneLine), _cursor.At(start, _cursor.Position));
    }

    /// <summary>Reports and skips decorators that follow where the braces should; tells whether the last is a pattern, null without any.</summary>
    private bool? SkipChained(DecoratorSyntax first)
    {
        bool? isPattern = null;
        var start = _cursor.Position;
        var chain = SyntaxDiagnostics.Cut(_cursor.Source.Slice(first.Span));
        var depth = 1;
        while (_cursor.Current == '@' && !Bag.IsFull)
        {
            var at = _cursor.Position;
            var length = Lines.NameLength(Text, at + 1, _cursor.End);
            var role = length == 0 ? null : Decorators.Decorators.Find(Text.AsSpan(at + 1, length))?.Role;
            if (role is not (DecoratorRole.Block or DecoratorRole.Pattern)) break;
            isPattern = role == DecoratorRole.Pattern;
            _values.ParseDecorator(templates: true);
            if (depth++ < 5) chain += $" {{ {SyntaxDiagnostics.Cut(Text.AsSpan(at, _cursor.Position - at))}";
            _cursor.SkipBlanks();
        }
        if (isPattern is null) return null;
        var write = $"{chain} {{ … {string.Concat(Enumerable.Repeat("} ", Math.Min(depth, 5)))}".TrimEnd();
        Bag.Add(SyntaxDiagnostics.Chained(_cursor.Source, first.Span, start, write));
        return isPattern;
    }

    private ImmutableArray<StatementSyntax> Statements(bool isOneLine)
    {
        var statements = ImmutableArray.CreateBuilder<StatementSyntax>();
        Braces(isOneLine, inLine => { if (Statement(inLine) is { } statement) statements.Add(statement); });
        return statements.ToImmutable();
    }

    /// <summary>Reads a block from its <c>{</c> past its <c>}</c>.</summary>
    private void Braces(bool isOneLine, Action<bool> content)
    {
        var open = _cursor.Position;
        if (_depth >= MaximumDepth)
        {
            Report(SyntaxDiagnostics.TooDeep, open, open + 1);
            Abandon();
            return;
        }
        _depth++;
        var first = Lines.SkipBlanks(Text, open + 1, _cursor.End);
        var lineEnd = isOneLine ? _cursor.End : Lines.LogicalEnd(Text, first, _cursor.End);
        if (!isOneLine && (first >= lineEnd || Lines.IsComment(Text, first, lineEnd)))
        {
            _cursor.Position = lineEnd;
            ManyLines(open, isReported: false, content);
        }
        else
        {
            var brace = _outline.ClosingBrace(open, lineEnd);
            if (brace.Close >= 0) OneLine(open + 1, brace.Close, content);
            else Unclosed(open, first, lineEnd, brace, isOneLine, content);
        }
        _depth--;
    }

    private void Unclosed(int open, int first, int lineEnd, ClosingBrace brace, bool isOneLine, Action<bool> content)
    {
        if (brace.Attached >= 0 && !isOneLine)
        {
            Report(SyntaxDiagnostics.AttachedBrace, brace.Attached, brace.Attached + 1);
            OneLine(open + 1, brace.Attached, content);
            return;
        }
        _cursor.Position = isOneLine || brace.Quote is not null ? lineEnd : first;
        if (brace.Quote is var (at, opening))
            Bag.Add(SyntaxDiagnostics.QuoteNotClosed(_cursor.Source, _cursor.At(at, at + opening.Length), opening));
        else if (isOneLine || first >= _cursor.End || Text[first] != '{' || !IsLastOnLine(first))
            Report(SyntaxDiagnostics.NotClosedOnItsLine, open, open + 1);
        else
            _hasBraceTooMany = true;
        if (_cursor.Position == first) ManyLines(open, isReported: true, content);
    }

    private void OneLine(int start, int close, Action<bool> content)
    {
        var end = _cursor.End;
        (_cursor.Position, _cursor.End) = (start, close);
        for (SkipSemicolons(); _cursor.Position < close && !IsDone; SkipSemicolons())
        {
            content(true);
            _cursor.SkipBlanks();
            if (_cursor.Position >= close || _cursor.Current == ';' || IsDone) continue;
            Report(SyntaxDiagnostics.AfterStatement, _cursor.Position, _cursor.Position + 1);
            _cursor.Position = EndOfStatement(isOneLine: true);
        }
        _cursor.End = end;
        if (!IsDone) _cursor.Position = close + 1;
        _closedOnLineOfItsOwn = false;
    }

    private void ManyLines(int open, bool isReported, Action<bool> content)
    {
        while (true)
        {
            SkipLines();
            if (IsDone) return;
            if (_cursor.Position >= _cursor.End)
            {
                if (!isReported && !_hasBraceTooMany) Report(SyntaxDiagnostics.NotClosed, _outdented ?? open, (_outdented ?? open) + 1);
                Abandon();
                return;
            }
            if (_cursor.Accept('}'))
            {
                if (Indentation(_cursor.Position - 1) < Indentation(open)) _outdented ??= open;
                _closedOnLineOfItsOwn = true;
                return;
            }
            _closedOnLineOfItsOwn = false;
            content(false);
            if (!IsDone) AfterStatement();
        }
    }

    private void AfterStatement()
    {
        _cursor.SkipBlanks();
        if (_cursor.AtComment) _cursor.Position = Lines.LogicalEnd(Text, _cursor.Position, _cursor.End);
        if (_cursor.AtLineEnd || (_closedOnLineOfItsOwn && _cursor.Current == '}')) return;
        Report(SyntaxDiagnostics.AfterStatement, _cursor.Position, _cursor.Position + 1);
        if (!_closedOnLineOfItsOwn) _cursor.Position = Lines.LogicalEnd(Text, _cursor.Position, _cursor.End);
    }

    // How far its line is indented: of two braces that belong together the second stands below the start of the first one's line.
    private int Indentation(int brace)
    {
        var line = brace == 0 ? 0 : Text.LastIndexOf('\n', brace - 1) + 1;
        var at = line;
        while (Text[at] is ' ' or '\t') at++;
        return at - line;
    }

    private ImmutableArray<StatementSyntax> ParseString(StringSyntax command)
    {
        if (_depth >= MaximumDepth)
        {
            Bag.Add(SyntaxDiagnostics.TooDeep(_cursor.Source, command.Span));
            return [];
        }
        return new BodyParser(new Cursor(_cursor.Source, Bag, command.Text, command.Span)) { _depth = _depth + 1 }.ParseLines();
    }

    private string WithBraces(int start, int end, bool isPattern)
    {
        var head = SyntaxDiagnostics.Cut(Text.AsSpan(start, _cursor.Position - start));
        var rest = SyntaxDiagnostics.Cut(Text.AsSpan(_cursor.Position, end - _cursor.Position));
        if (isPattern) return $"{head} {{ NAME: … }}";
        return rest.Length == 0 || rest.StartsWith('}') ? $"{head} {{ … }}" : $"{head} {{ {rest} }}";
    }

    private int EndOfStatement(bool isOneLine)
    {
        if (!isOneLine) return Lines.LogicalEnd(Text, _cursor.Position, _cursor.End);
        return _outline.EndOfOneLineStatement(_cursor.Position, _cursor.End);
    }

    private bool IsLastOnLine(int brace)
    {
        var after = Lines.SkipBlanks(Text, brace + 1, _cursor.End);
        return after >= _cursor.End || Text[after] == '\n' || Lines.IsComment(Text, after, _cursor.End);
    }

    private void SkipSemicolons()
    {
        do _cursor.SkipBlanks();
        while (_cursor.Accept(';'));
    }

    private void SkipLines()
    {
        while (_cursor.Position < _cursor.End)
        {
            _cursor.SkipBlanks();
            if (_cursor.AtComment) SkipComment();
            if (!_cursor.Accept('\n')) return;
        }
    }

    private void SkipComment()
    {
        var end = Lines.PhysicalEnd(Text, _cursor.Position, _cursor.End);
        var comment = Span.FromBounds(_cursor.Position, end);
        if (Text.AsSpan(_cursor.Position, comment.Length).StartsWith("#!")) Bag.Add(SyntaxDiagnostics.InterpreterLine(_cursor.Source, comment));
        _cursor.Position = end;
    }

    private void Abandon()
    {
        _isAbandoned = true;
        _cursor.Position = _cursor.End;
    }

    private void Report(Func<SourceText, Span, Diagnostic> diagnostic, int start, int end)
        => Bag.Add(diagnostic(_cursor.Source, _cursor.At(start, end)));
}
