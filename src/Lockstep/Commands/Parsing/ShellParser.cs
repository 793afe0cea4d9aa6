using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Syntax;

namespace Lockstep.Commands.Parsing;

/// <summary>Reads statements that are shell text, or a chain of shell text and actions.</summary>
internal sealed class ShellParser(Cursor cursor, ValueParser values)
{
    private readonly record struct Operator(ChainSymbol Symbol, int Start, int End);

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n;&|<>()");

    private readonly ArgumentLexer _arguments = new(cursor.Text);
    private readonly List<Operator> _operators = [];
    private readonly StringBuilder _run = new();

    private string Source => cursor.Text;

    /// <summary>Reads the statement at the cursor, and leaves the cursor after it: at a <c>;</c> that parts statements, or at <paramref name="end"/>.</summary>
    /// <param name="end">Where the text ends at the latest.</param>
    /// <param name="isOneLine">Whether it stands in a one-line block, where <c>;</c> parts statements.</param>
    public StatementSyntax Parse(int end, bool isOneLine)
    {
        var start = cursor.Position;
        _operators.Clear();
        var (textEnd, hasAction, hereDocument) = Survey(ref end, isOneLine);
        textEnd = Lines.TrimEnd(Source, start, textEnd);
        Check(start, textEnd);
        var statement = hasAction ? Chain(start, textEnd) : Shell(start, textEnd);
        if (hereDocument >= 0 && !isOneLine) end = EndOfHereDocument(hereDocument, end);
        cursor.Position = end;
        return statement;
    }

    private (int TextEnd, bool HasAction, int HereDocument) Survey(ref int end, bool isOneLine)
    {
        var lexer = new ShellLexer(Source, _arguments, cursor.Position, end, isOneLine);
        var hasAction = false;
        while (true)
        {
            var token = lexer.Next();
            switch (token.Kind)
            {
                case ShellTokenKind.End:
                    ReportUnfinished(lexer);
                    return (end, hasAction, lexer.HereDocument);
                case ShellTokenKind.Semicolon:
                    end = token.Start;
                    ReportUnfinished(lexer);
                    return (end, hasAction, lexer.HereDocument);
                case ShellTokenKind.Comment:
                    ReportUnfinished(lexer);
                    return (token.Start, hasAction, lexer.HereDocument);
                case ShellTokenKind.Action:
                    hasAction = true;
                    break;
                case ShellTokenKind.Misplaced:
                    ReportMisplaced(token);
                    break;
                case ShellTokenKind.UnquotableValue:
                    cursor.Bag.Add(SyntaxDiagnostics.UnquotableValue(cursor.Source, cursor.At(token.Start, token.End)));
                    break;
                case ShellTokenKind.And or ShellTokenKind.Or or ShellTokenKind.Pipe or ShellTokenKind.Append:
                    _operators.Add(new Operator(SymbolOf(token.Kind), token.Start, token.End));
                    break;
            }
        }
    }

    private void ReportUnfinished(ShellLexer lexer)
    {
        if (lexer.HasUnclosedArguments) return;
        if (lexer.HereDocument is >= 0 and var document)
            cursor.Bag.Add(SyntaxDiagnostics.HereDocument(cursor.Source, cursor.At(document, document + 2)));
        else if (lexer.Unclosed is var (at, quote))
            cursor.Bag.Add(SyntaxDiagnostics.QuoteNotClosed(cursor.Source, cursor.At(at, at + quote.Length), quote));
        else if (lexer.Unfinished is var (start, opening, closing))
            cursor.Bag.Add(SyntaxDiagnostics.ShellNotClosed(cursor.Source, cursor.At(start, start + opening.Length), opening, closing));
    }

    // Its lines are no statements: what else would be said about them only hides what is wrong.
    private int EndOfHereDocument(int document, int end)
    {
        var start = document + 2;
        if (start < end && Source[start] == '-') start++;
        start = Lines.SkipBlanks(Source, start, end);
        var length = Source.AsSpan(start, end - start).IndexOfAny(WordEnds);
        var word = Source.AsSpan(start, length < 0 ? end - start : length).Trim("\"'\\");
        for (var at = end; at < cursor.End && !word.IsEmpty;)
        {
            var newline = Lines.PhysicalEnd(Source, at + 1, cursor.End);
            if (Source.AsSpan(at + 1, newline - at - 1).Trim().SequenceEqual(word)) return newline;
            at = newline;
        }
        return end;
    }

    private static ChainSymbol SymbolOf(ShellTokenKind kind) => kind switch
    {
        ShellTokenKind.And => ChainSymbol.And,
        ShellTokenKind.Or => ChainSymbol.Or,
        ShellTokenKind.Pipe => ChainSymbol.Pipe,
        ShellTokenKind.Append => ChainSymbol.Append,
        _ => throw new InvalidOperationException($"{kind} is no operator"),
    };

    private void ReportMisplaced(ShellToken token)
    {
        var length = Lines.NameLength(Source, token.Start + 1, token.End);
        var name = Source.Substring(token.Start + 1, length);
        var isAction = Decorators.Decorators.Find(name)?.Role == DecoratorRole.Action;
        cursor.Bag.Add(SyntaxDiagnostics.Misplaced(cursor.Source, cursor.At(token.Start, token.Start + 1 + length), name, isAction));
    }

    private void Check(int start, int end)
    {
        for (var i = 0; i < _operators.Count; i++)
        {
            var (symbol, at, after) = _operators[i];
            var span = cursor.At(at, after);
            var before = i == 0 ? start : _operators[i - 1].End;
            if (symbol != ChainSymbol.Append && Lines.SkipBlanks(Source, before, at) == at)
                cursor.Bag.Add(SyntaxDiagnostics.EmptyLink(cursor.Source, span, Source[at..after]));
            else if (i == _operators.Count - 1 && Lines.SkipBlanks(Source, after, Math.Max(after, end)) >= end)
                cursor.Bag.Add(SyntaxDiagnostics.EndsWithOperator(cursor.Source, span, Source[at..after]));
        }
    }

    private ShellSyntax Shell(int start, int end)
    {
        var span = cursor.At(start, end);
        if (Source.AsSpan(start, end - start).IndexOfAny('@', '\\') < 0) return new ShellSyntax([new TextSyntax(Source[start..end], span)], span);
        var pieces = ImmutableArray.CreateBuilder<PieceSyntax>();
        var lexer = new ShellLexer(Source, _arguments, start, end, isOneLine: false);
        var runStart = start;
        while (true)
        {
            var token = lexer.Next();
            switch (token.Kind)
            {
                case ShellTokenKind.End:
                    Flush(end);
                    return new ShellSyntax(pieces.ToImmutable(), span);
                case ShellTokenKind.Join:
                    _run.Append(' ');
                    break;
                case ShellTokenKind.EscapedAt:
                    _run.Append('@');
                    break;
                case ShellTokenKind.Value:
                    Flush(token.Start);
                    pieces.Add(Value(token, end));
                    runStart = token.End;
                    break;
                default:
                    _run.Append(Source, token.Start, token.End - token.Start);
                    break;
            }
        }

        void Flush(int at)
        {
            if (_run.Length > 0) pieces.Add(new TextSyntax(_run.ToString(), cursor.At(runStart, at)));
            _run.Clear();
        }
    }

    private ValueUseSyntax Value(ShellToken token, int end)
    {
        var whole = cursor.End;
        (cursor.Position, cursor.End) = (token.Start, end);
        var decorator = values.ParseDecorator(templates: false);
        cursor.End = whole;
        return new ValueUseSyntax(decorator, token.Quoting, decorator.Span);
    }

    private StatementSyntax Chain(int start, int end)
    {
        var links = ImmutableArray.CreateBuilder<StatementSyntax>();
        var symbols = ImmutableArray.CreateBuilder<ChainSymbol>();
        var at = start;
        foreach (var (symbol, operatorStart, operatorEnd) in _operators)
        {
            // Shell text appends by itself; only what an action prints is appended by us.
            if (symbol == ChainSymbol.Append && !IsAction(at, operatorStart)) continue;
            links.Add(Link(at, operatorStart));
            symbols.Add(symbol);
            at = operatorEnd;
        }
        links.Add(Link(at, end));
        return links.Count == 1 ? links[0] : new ChainSyntax(links.ToImmutable(), symbols.ToImmutable(), cursor.At(start, end));
    }

    private bool IsAction(int start, int end)
    {
        start = Lines.SkipBlanks(Source, start, end);
        if (start >= end || Source[start] != '@') return false;
        var length = Lines.NameLength(Source, start + 1, end);
        var open = start + 1 + length;
        return length > 0 && open < end && Source[open] == '('
            && Decorators.Decorators.Find(Source.AsSpan(start + 1, length)) is { Role: DecoratorRole.Action };
    }

    private StatementSyntax Link(int start, int end)
    {
        start = Lines.SkipBlanks(Source, start, Math.Max(start, end));
        end = Math.Max(start, Lines.TrimEnd(Source, start, Math.Max(start, end)));
        if (!IsAction(start, end)) return Shell(start, end);
        var whole = cursor.End;
        (cursor.Position, cursor.End) = (start, end);
        var errors = cursor.Bag.Count;
        var decorator = values.ParseDecorator(templates: true);
        cursor.SkipBlanks();
        if (cursor.Position < end && !cursor.AtComment && cursor.Bag.Count == errors)
        {
            var length = cursor.Word().Length;
            cursor.Bag.Add(SyntaxDiagnostics.AfterAction(cursor.Source, cursor.At(cursor.Position, cursor.Position + length), decorator.Name.Text));
        }
        cursor.End = whole;
        return new ActionSyntax(decorator, decorator.Span);
    }
}
