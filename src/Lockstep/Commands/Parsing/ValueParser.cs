using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Syntax;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Commands.Parsing;

/// <summary>Reads values, decorators with their arguments, and parameters.</summary>
internal sealed class ValueParser(Cursor cursor)
{
    private readonly ArgumentLexer _lexer = new(cursor.Text);
    private int _depth;
    private int _open;
    private bool _isBroken;

    private string Source => cursor.Text;

    /// <summary>Reads a variable's value or a parameter's default; null, reported, where there is none.</summary>
    /// <param name="isParameter">Whether a comma or parenthesis ends it.</param>
    public ValueSyntax? ParseDeclared(bool isParameter)
    {
        var start = cursor.Position;
        var c = cursor.Current;
        if (c == '[')
        {
            cursor.Bag.Add(SyntaxDiagnostics.List(cursor.Source, cursor.At(start, start + 1)));
            return null;
        }
        if (isParameter && c is ',' or ')')
        {
            cursor.Bag.Add(SyntaxDiagnostics.ArgumentWanted(cursor.Source, cursor.At(start, start + 1), ""));
            return null;
        }
        if (c is '"' or '\'' or '`') return ParseString(templates: false);
        if (c == '@') return ParseDecoratorValue();
        var end = isParameter ? start + cursor.Word().Length : EndOfRawValue(start);
        var text = Source.AsSpan(start, end - start);
        cursor.Position = end;
        if (Literal(text, cursor.At(start, end)) is { } literal) return literal;
        if (char.IsAsciiDigit(text[0]) && !text.ContainsAny(" \t"))
            cursor.Bag.Add(SyntaxDiagnostics.BadNumber(cursor.Source, cursor.At(start, end), text.ToString()));
        else
            cursor.Bag.Add(SyntaxDiagnostics.NotAValue(cursor.Source, cursor.At(start, end), text.ToString(), Quoted(text)));
        return null;
    }

    /// <summary>Reads <c>@name</c> with its arguments if any. The cursor stands on the <c>@</c> and a name follows.</summary>
    /// <param name="templates">Whether strings in the arguments may hold value decorators.</param>
    public DecoratorSyntax ParseDecorator(bool templates)
    {
        var start = cursor.Position++;
        if (_depth == 0) _lexer.Begin();
        var name = cursor.ReadName()!;
        if (cursor.Current != '(') return new DecoratorSyntax(name, [], false, cursor.At(start, cursor.Position));
        var outer = _open;
        _open = cursor.Position;
        _isBroken = false;
        _depth++;
        var arguments = ParseArguments(templates);
        _depth--;
        _open = outer;
        return new DecoratorSyntax(name, arguments, true, cursor.At(start, cursor.Position)) { IsBroken = _isBroken };
    }

    /// <summary>Reads a branch's name in quotes, which are closed.</summary>
    public NameSyntax ParseBranchName()
    {
        var name = ParseString(templates: false)!;
        return new NameSyntax(name.Text, name.Span);
    }

    /// <summary>Reads a command's parameters. The cursor stands on the <c>(</c>.</summary>
    public ImmutableArray<ParameterSyntax> ParseParameters()
    {
        var open = cursor.Position++;
        var parameters = ImmutableArray.CreateBuilder<ParameterSyntax>();
        var reported = cursor.Bag.Count;
        while (true)
        {
            cursor.SkipBlanks();
            if (cursor.Accept(')')) return parameters.ToImmutable();
            if (cursor.AtLineEnd || cursor.Bag.IsFull) break;
            var start = cursor.Position;
            if (cursor.ReadName() is not { } name)
            {
                var word = cursor.Word().Length;
                cursor.Bag.Add(SyntaxDiagnostics.NameWanted(cursor.Source, cursor.At(start, start + word), "a parameter", "deploy(env = \"staging\", tag): COMMAND"));
                cursor.Position += word;
                continue;
            }
            ValueSyntax? value = null;
            cursor.SkipBlanks();
            if (cursor.Accept('='))
            {
                cursor.SkipBlanks();
                if (cursor.AtLineEnd) break;
                value = ParseDeclared(isParameter: true) ?? new StringSyntax("", cursor.At(start, cursor.Position));
            }
            foreach (var earlier in parameters)
                if (earlier.Name.Text == name.Text)
                    cursor.Bag.Add(SyntaxDiagnostics.DuplicateParameter(cursor.Source, name.Span, name.Text, earlier.Name.Span));
            parameters.Add(new ParameterSyntax(name, value, cursor.At(start, cursor.Position)));
            cursor.SkipBlanks();
            if (cursor.Accept(',') || cursor.Current == ')') continue;
            if (cursor.AtLineEnd || cursor.Current == ':') break;
            Unexpected();
        }
        if (cursor.Bag.Count == reported) cursor.Bag.Add(SyntaxDiagnostics.ParametersNotClosed(cursor.Source, cursor.At(open, open + 1)));
        return parameters.ToImmutable();
    }

    private ImmutableArray<ArgumentSyntax> ParseArguments(bool templates)
    {
        var open = cursor.Position++;
        var arguments = ImmutableArray.CreateBuilder<ArgumentSyntax>();
        var reported = cursor.Bag.Count;
        while (!cursor.Bag.IsFull)
        {
            cursor.SkipBlanks();
            if (cursor.Accept(')')) return arguments.ToImmutable();
            if (cursor.AtLineEnd) break;
            if (ParseArgument(templates) is { } argument) arguments.Add(argument);
            cursor.SkipBlanks();
            if (cursor.Accept(',') || cursor.Current == ')') continue;
            if (cursor.AtLineEnd) break;
            // What follows a mistake in the list would only be more of it.
            if (cursor.Current != '{' && cursor.Bag.Count == reported) Unexpected();
            break;
        }
        if (cursor.Bag.Count == reported) cursor.Bag.Add(SyntaxDiagnostics.ArgumentsNotClosed(cursor.Source, cursor.At(open, open + 1)));
        _isBroken = true;
        Recover(open);
        return arguments.ToImmutable();
    }

    /// <summary>Goes past arguments that could not be read: to their <c>)</c>, else to the <c>{</c> that ends the line, else to its end.</summary>
    private void Recover(int open)
    {
        // Nothing more is told, and a long line would be read to its end once for each decorator in it.
        if (cursor.Bag.IsFull) return;
        var end = _lexer.EndOfArguments(open, cursor.End, templates: false);
        if (end < cursor.Position) end = Lines.LastBrace(Source, cursor.Position, cursor.End);
        cursor.Position = end >= 0 ? end : Lines.LogicalEnd(Source, cursor.Position, cursor.End);
    }

    private ArgumentSyntax? ParseArgument(bool templates)
    {
        var start = cursor.Position;
        if (cursor.Current == ',')
        {
            cursor.Bag.Add(SyntaxDiagnostics.ArgumentWanted(cursor.Source, cursor.At(start, start + 1), ""));
            return null;
        }
        if (ParseArgumentValue(templates) is not { } value) return null;
        var valueEnd = cursor.Position;
        cursor.SkipBlanks();
        var isPattern = cursor.Current == ':' && value is StringSyntax or NameValueSyntax or NumberSyntax or BooleanSyntax;
        if (!isPattern && !(cursor.Current == '=' && value is NameValueSyntax or BooleanSyntax))
        {
            cursor.Position = valueEnd;
            return new ArgumentSyntax(null, value, cursor.At(start, valueEnd));
        }
        cursor.Position++;
        cursor.SkipBlanks();
        var key = new NameSyntax(KeyText(value), value.Span);
        if (cursor.AtLineEnd || cursor.Current is ',' or ')')
        {
            cursor.Bag.Add(SyntaxDiagnostics.ArgumentWanted(cursor.Source, cursor.At(valueEnd, cursor.Position), ""));
            return null;
        }
        if (ParseArgumentValue(templates) is not { } named) return null;
        return new ArgumentSyntax(key, named, cursor.At(start, cursor.Position)) { IsPattern = isPattern };
    }

    private static string KeyText(ValueSyntax value) => value switch
    {
        StringSyntax literal => literal.Text,
        NameValueSyntax name => name.Name,
        NumberSyntax number => number.Text,
        BooleanSyntax boolean => boolean.Value ? "true" : "false",
        _ => throw new InvalidOperationException("not a key"),
    };

    private ValueSyntax? ParseArgumentValue(bool templates)
    {
        var start = cursor.Position;
        var c = cursor.Current;
        if (c is '"' or '\'' or '`') return ParseString(templates);
        if (c == '@' && Lines.NameLength(Source, start + 1, cursor.End) > 0) return ParseDecoratorValue();
        if (c == '[')
        {
            cursor.Bag.Add(SyntaxDiagnostics.List(cursor.Source, cursor.At(start, start + 1)));
            cursor.Position += cursor.Word().Length;
            return null;
        }
        var end = start;
        while (end < cursor.End && IsBare(Source[end])) end++;
        var text = Source.AsSpan(start, end - start);
        var stops = end >= cursor.End || Lines.IsBlank(Source[end]) || Source[end] is ',' or ')' or '=' or ':' or '\n' or '\\';
        if (text.Length > 0 && stops && !IsUrl(end))
        {
            cursor.Position = end;
            if (Literal(text, cursor.At(start, end)) is { } literal) return literal;
            if (Lines.NameLength(Source, start, end) == text.Length) return new NameValueSyntax(text.ToString(), cursor.At(start, end));
            if (char.IsAsciiDigit(text[0]) || text[0] == '-')
            {
                cursor.Bag.Add(SyntaxDiagnostics.BadNumber(cursor.Source, cursor.At(start, end), text.ToString()));
                return null;
            }
            cursor.Position = start;
        }
        var word = cursor.Word();
        cursor.Position += word.Length;
        var isQuote = !cursor.Bag.IsFull && word.IndexOfAny('"', '\'', '`') > 0 && _lexer.EndOfArguments(_open, cursor.End, templates: false) < 0;
        cursor.Bag.Add(isQuote ? SyntaxDiagnostics.ArgumentsNotClosed(cursor.Source, cursor.At(_open, _open + 1))
            : SyntaxDiagnostics.NotAValue(cursor.Source, cursor.At(start, cursor.Position), word.ToString(), Quoted(word)));
        return null;
    }

    private bool IsUrl(int colon) => Source.AsSpan(colon, Math.Min(3, cursor.End - colon)) is "://";

    private static bool IsBare(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';

    private static ValueSyntax? Literal(ReadOnlySpan<char> text, Span span)
    {
        switch (text)
        {
            case "true":
                return new BooleanSyntax(true, span);
            case "false":
                return new BooleanSyntax(false, span);
        }
        if (text.IsEmpty || !(char.IsAsciiDigit(text[0]) || text[0] == '-' && text.Length > 1 && char.IsAsciiDigit(text[1]))) return null;
        if (char.IsAsciiDigit(text[^1])
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return new NumberSyntax(number, text.ToString(), span);
        return HumanDuration.TryParse(text, out var duration) ? new DurationSyntax(duration, text.ToString(), span) : null;
    }

    private DecoratorValueSyntax? ParseDecoratorValue()
    {
        var start = cursor.Position;
        var length = Lines.NameLength(Source, start + 1, cursor.End);
        if (length == 0 || _depth > 8)
        {
            var word = cursor.Word();
            cursor.Position += word.Length;
            cursor.Bag.Add(_depth > 8 ? SyntaxDiagnostics.DecoratorsTooDeep(cursor.Source, cursor.At(start, cursor.Position))
                : SyntaxDiagnostics.NotAValue(cursor.Source, cursor.At(start, cursor.Position), word.ToString(), Quoted(word)));
            return null;
        }
        var name = Source.AsSpan(start + 1, length);
        var role = Decorators.Decorators.Find(name)?.Role;
        if (role is null) cursor.Bag.Add(UnknownDecorator(start, start + 1 + length, isValue: true));
        else if (role != DecoratorRole.Value)
            cursor.Bag.Add(SyntaxDiagnostics.Misplaced(cursor.Source, cursor.At(start, start + 1 + length), name.ToString(), role == DecoratorRole.Action));
        var decorator = ParseDecorator(templates: false);
        if (role == DecoratorRole.Value && !decorator.HasParentheses)
            cursor.Bag.Add(SyntaxDiagnostics.ParenthesesWanted(cursor.Source, decorator.Span, decorator.Name.Text));
        return role == DecoratorRole.Value ? new DecoratorValueSyntax(decorator, decorator.Span) : null;
    }

    /// <summary>What to say of a decorator there is not, which stands between two offsets with its <c>@</c>.</summary>
    public Diagnostic UnknownDecorator(int start, int end, bool isValue)
    {
        var name = Source[(start + 1)..end];
        return SyntaxDiagnostics.UnknownDecorator(cursor.Source, cursor.At(start, end), name, Decorators.Decorators.CalledElsewhere(name) ?? NearestName.Of(name, Names()), isValue);

        static IEnumerable<string> Names()
        {
            foreach (var decorator in Decorators.Decorators.All) yield return decorator.Name;
        }
    }

    private StringSyntax? ParseString(bool templates)
    {
        var start = cursor.Position;
        var quote = cursor.Current;
        var end = _lexer.EndOfString(start, cursor.End, templates);
        if (end < 0)
        {
            cursor.Bag.Add(SyntaxDiagnostics.StringNotClosed(cursor.Source, cursor.At(start, start + 1), quote));
            cursor.Position = Lines.PhysicalEnd(Source, start, cursor.End);
            return null;
        }
        cursor.Position = end;
        var span = cursor.At(start, end);
        var raw = Source.AsSpan(start + 1, end - start - 2);
        var isPlain = quote == '\'' || raw.IndexOfAny('\\', '\n', '@') < 0;
        return isPlain ? new StringSyntax(raw.ToString(), span) : Decode(start + 1, end - 1, quote, templates, span);
    }

    private StringSyntax Decode(int start, int end, char quote, bool templates, Span span)
    {
        var pieces = ImmutableArray.CreateBuilder<PieceSyntax>();
        var whole = new StringBuilder(end - start);
        var run = new StringBuilder(end - start);
        var runStart = start;
        var at = start;
        while (at < end)
        {
            var c = Source[at];
            if (templates && c == '@' && _lexer.IsValueInString(at, end, out var after))
            {
                Flush();
                whole.Append(Source, at, after - at);
                pieces.Add(ValueInString(at));
                runStart = at = after;
                continue;
            }
            if (c == '\\' && at + 1 < end && Source[at + 1] == '@')
            {
                whole.Append(templates ? "\\@" : "@");
                run.Append('@');
                at += 2;
                continue;
            }
            var from = at;
            var text = Unescape(ref at, end, quote);
            whole.Append(text ?? Source.AsSpan(from, at - from));
            run.Append(text ?? Source.AsSpan(from, at - from));
        }
        Flush();
        return new StringSyntax(Lines.Normalise(whole.ToString()), span) { Pieces = pieces.ToImmutable() };

        void Flush()
        {
            if (run.Length > 0) pieces.Add(new TextSyntax(Lines.Normalise(run.ToString()), cursor.At(runStart, at)));
            run.Clear();
        }
    }

    private ValueUseSyntax ValueInString(int at)
    {
        var (position, end) = (cursor.Position, cursor.End);
        cursor.Position = at;
        var decorator = ParseDecorator(templates: false);
        (cursor.Position, cursor.End) = (position, end);
        return new ValueUseSyntax(decorator, Quoting.Text, decorator.Span);
    }

    /// <summary>What stands for the next character or escape; null for itself.</summary>
    private string? Unescape(ref int at, int end, char quote)
    {
        if (quote != '"' || Source[at] != '\\' || at + 1 >= end)
        {
            at++;
            return null;
        }
        if (Lines.IsJoin(Source, at, end, out var next))
        {
            at = next;
            return " ";
        }
        at += 2;
        return Source[at - 1] switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '"' => "\"",
            '\\' => "\\",
            _ => null,
        };
    }

    private int EndOfRawValue(int start)
    {
        var end = Lines.LogicalEnd(Source, start, cursor.End);
        for (var at = start; at < end - 1; at++)
            if (Lines.IsBlank(Source[at]) && Lines.IsComment(Source, at + 1, end)) return Lines.TrimEnd(Source, start, at);
        return Math.Max(start + 1, Lines.TrimEnd(Source, start, end));
    }

    private void Unexpected()
    {
        var start = cursor.Position;
        var word = cursor.Word();
        cursor.Position += word.Length;
        cursor.Bag.Add(SyntaxDiagnostics.ArgumentWanted(cursor.Source, cursor.At(start, cursor.Position), word.ToString()));
    }

    private static string Quoted(ReadOnlySpan<char> text)
    {
        var shown = SyntaxDiagnostics.Cut(text);
        return shown.Contains('"') ? $"'{shown}'" : $"\"{shown}\"";
    }
}
