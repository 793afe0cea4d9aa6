using System.Buffers;
using Lockstep.Commands.Decorators;
using Lockstep.Expressions;

namespace Lockstep.Commands.Parsing;

/// <summary>
/// Reads shell text as far as needed to tell what is quoted, where commands begin, and which <c>@</c>, <c>;</c>, <c>}</c> and operators are ours.
/// It keeps a stack of open quotes and groups, so no text is too deep for it, and never looks back.
/// </summary>
/// <param name="text">The text the range is in.</param>
/// <param name="arguments">Where decorators' arguments end.</param>
/// <param name="start">Where the range begins.</param>
/// <param name="end">Where it ends; newlines in it are escaped or stand in arguments.</param>
/// <param name="isOneLine">Whether <c>;</c> parts statements.</param>
internal sealed partial class ShellLexer(string text, ArgumentLexer arguments, int start, int end, bool isOneLine)
{
    /// <summary>What can be open: a <c>{</c> is a brace where it begins no command, and a <c>case</c> is read differently before its <c>in</c>, in a pattern and after it.</summary>
    private enum Context : byte
    {
        Single, Double, Backticks, Substitution, Parenthesis, Group, Brace, Compound, Case, CasePattern, CaseBody,
        Parameter, QuotedParameter, Arithmetic, ArithmeticParenthesis,
    }

    private static readonly SearchValues<char> DoubleStops = SearchValues.Create("\\\"`$@");
    private static readonly SearchValues<char> ParameterStops = SearchValues.Create("\\\"'`$@}");
    private static readonly SearchValues<char> ArithmeticStops = SearchValues.Create("\\\"'`$@()");
    private static readonly SearchValues<char> WordStops = SearchValues.Create(" \t\r\f\v\n\\\"'`$@();&|<>{}");

    private readonly List<(Context Context, int Start)> _open = [];
    private readonly int _start = start;
    private int _at = start;
    private int _backticks;
    private bool _quotesMove;
    private int _afterBrace = -1;
    private int _unclosedArguments = -1;
    private int _hereDocument = -1;
    private bool _wordStart = true;
    private bool _commandStart = true;
    private bool _linkStart = true;

    /// <summary>Where to note which <c>}</c> closes which <c>{</c>, of those that stand alone.</summary>
    public Dictionary<int, int>? Braces { get; init; }

    /// <summary>How many <c>{</c> that stand alone are not closed yet.</summary>
    public int OpenGroups
    {
        get
        {
            var groups = 0;
            foreach (var (context, _) in _open)
                if (context is Context.Group or Context.Brace) groups++;
            return groups;
        }
    }

    /// <summary>The innermost quote or substitution that is open; the shell would wait for its end.</summary>
    public (int Start, string Opening)? Unclosed
    {
        get
        {
            for (var i = _open.Count - 1; i >= 0; i--)
            {
                var opening = _open[i].Context switch
                {
                    Context.Single => "'",
                    Context.Double => "\"",
                    Context.Backticks => "`",
                    Context.Substitution => "$(",
                    Context.Parameter or Context.QuotedParameter => "${",
                    Context.Arithmetic => "$((",
                    _ => null,
                };
                if (opening is not null) return (_open[i].Start, opening);
            }
            return null;
        }
    }

    /// <summary>The outermost group or compound command that is open, and the word that would close it; the shell would go on in the next line.</summary>
    public (int Start, string Opening, string Closing)? Unfinished
    {
        get
        {
            foreach (var (context, start) in _open)
            {
                switch (context)
                {
                    case Context.Parenthesis:
                        return (start, "(", ")");
                    case Context.Group:
                        return (start, "{", "}");
                    case Context.Case or Context.CasePattern or Context.CaseBody:
                        return (start, "case", "esac");
                    case Context.Compound:
                        var opening = text[start..(start + Lines.NameLength(text, start, end))];
                        return (start, opening, opening == "if" ? "fi" : "done");
                }
            }
            return null;
        }
    }

    /// <summary>The <c>&lt;&lt;</c> of the first here-document; -1 without any, or where a value inserted as code after it may hold its lines.</summary>
    public int HereDocument => _hereDocument;

    /// <summary>Whether a decorator's arguments were not closed, so that what was read since may be part of them.</summary>
    public bool HasUnclosedArguments => _unclosedArguments >= 0;

    private bool IsTop => _open.Count == 0;

    /// <summary>The next stretch; after the end, the end again.</summary>
    public ShellToken Next()
    {
        if (_at >= end) return new ShellToken(ShellTokenKind.End, end, end);
        var c = text[_at];
        var context = IsTop ? Context.Group : _open[^1].Context;
        if (c == '\\' && Lines.IsJoin(text, _at, end, out var next))
        {
            if (context != Context.Single) _wordStart = true;
            return Take(ShellTokenKind.Join, next - _at);
        }
        if (c == '`') return Backtick();
        if (context == Context.Single) return InSingle(c);
        if (c == '\\')
        {
            if (_backticks > 0) _quotesMove |= MovesQuotes();
            Word();
            var isAt = _at + 1 < end && text[_at + 1] == '@';
            return Take(isAt ? ShellTokenKind.EscapedAt : ShellTokenKind.Text, Math.Min(2, end - _at));
        }
        if (c == '$') return Dollar(context);
        if (c == '@') return At(context);
        return context switch
        {
            Context.Double => c == '"' ? Close() : Run(DoubleStops),
            Context.Parameter or Context.QuotedParameter => InParameter(c, context),
            Context.Arithmetic or Context.ArithmeticParenthesis => InArithmetic(c, context),
            Context.CasePattern => InCasePattern(c),
            _ => InCommand(c),
        };
    }

    private ShellToken InSingle(char c)
    {
        if (c == '\'') return Close();
        if (c == '\\') return Text(1);
        var length = text.AsSpan(_at, end - _at).IndexOfAny('\'', '\\', '`');
        return Text(length < 0 ? end - _at : length);
    }

    // The first back-tick that is not escaped ends a back-ticked command, whatever quotes are open in it.
    private ShellToken Backtick()
    {
        if (_backticks > 0)
        {
            while (_open[^1].Context != Context.Backticks) _open.RemoveAt(_open.Count - 1);
            _backticks = 0;
            return Close();
        }
        if (!IsTop && _open[^1].Context == Context.Single) return Text(1);
        _backticks = 1;
        _quotesMove = false;
        return Push(Context.Backticks, 1, isCommand: true);
    }

    // The shell takes one level of \ away before it reads what is in back-ticks; these are the cases in which quotes begin or end by that.
    private bool MovesQuotes()
    {
        var next = _at + 1 < end ? text[_at + 1] : '\0';
        return next switch
        {
            '"' => _open.Exists(open => IsQuoted(open.Context) && open.Start < BackticksStart),
            '`' => true,
            '\\' => _at + 2 < end && text[_at + 2] is '"' or '\'' or '`' or '\\',
            _ => false,
        };
    }

    private int BackticksStart => _open.Find(open => open.Context == Context.Backticks).Start;

    private ShellToken Dollar(Context context)
    {
        Word();
        var next = _at + 1 < end ? text[_at + 1] : '\0';
        switch (next)
        {
            case '(':
                var isArithmetic = _at + 2 < end && text[_at + 2] == '(';
                return isArithmetic ? Push(Context.Arithmetic, 3) : Push(Context.Substitution, 2, isCommand: true);
            case '{':
                return Push(IsQuoted(context) && !IsPattern(_at + 2) ? Context.QuotedParameter : Context.Parameter,
                    _at + 2 < end && text[_at + 2] is '@' or '#' ? 3 : 2);
            case '@' or '#' or '$' or '!' or '?' or '*' or '-':
                return Text(2);
            default:
                return Text(1);
        }
    }

    private static bool IsQuoted(Context context) => context is Context.Double or Context.QuotedParameter;

    // `${x#pattern}` quotes anew inside double quotes, `${x:-text}` does not.
    private bool IsPattern(int at)
    {
        var name = at;
        while (name < end && (char.IsAsciiLetterOrDigit(text[name]) || text[name] == '_')) name++;
        return name > at && name < end && text[name] is '#' or '%';
    }

    private ShellToken InParameter(char c, Context context) => c switch
    {
        '}' => Close(),
        '"' => Push(Context.Double, 1),
        '\'' when context == Context.Parameter => Push(Context.Single, 1),
        '\'' => Text(1),
        _ => Run(ParameterStops),
    };

    private ShellToken InArithmetic(char c, Context context)
    {
        switch (c)
        {
            case '(':
                return Push(Context.ArithmeticParenthesis, 1);
            case ')' when context == Context.ArithmeticParenthesis:
                return Close();
            case ')' when _at + 1 < end && text[_at + 1] == ')':
                _open.RemoveAt(_open.Count - 1);
                return Text(2);
            case ')':
                // `$((a); b)`: it was a subshell in a substitution all along.
                _open[^1] = (Context.Substitution, _open[^1].Start);
                _commandStart = true;
                return Text(1);
            case '"':
                return Push(Context.Double, 1);
            case '\'':
                return Push(Context.Single, 1);
            default:
                return Run(ArithmeticStops);
        }
    }

    private ShellToken At(Context context)
    {
        var length = Lines.NameLength(text, _at + 1, end);
        var decorator = length == 0 ? null : Decorators.Decorators.Find(text.AsSpan(_at + 1, length));
        var open = _at + 1 + length;
        var hasArguments = open < end && text[open] == '(';
        var kind = decorator switch
        {
            null => ShellTokenKind.Text,
            { Role: DecoratorRole.Value } => hasArguments ? ShellTokenKind.Value : ShellTokenKind.Text,
            { Role: DecoratorRole.Action } when hasArguments && IsTop && _linkStart => ShellTokenKind.Action,
            _ => (hasArguments || IsBrace(open, decorator.Role)) && !IsInWord() ? ShellTokenKind.Misplaced : ShellTokenKind.Text,
        };
        Word();
        if (kind == ShellTokenKind.Text) return Text(1 + length);
        var quoting = decorator!.Name == "raw" ? Quoting.Raw
            : context is Context.Arithmetic or Context.ArithmeticParenthesis ? Quoting.Arithmetic
            : IsQuoted(context) ? Quoting.DoubleQuoted : Quoting.Bare;
        if (quoting == Quoting.Raw) _hereDocument = -1;
        else if (kind == ShellTokenKind.Value && _backticks > 0 && _quotesMove) kind = ShellTokenKind.UnquotableValue;
        var after = hasArguments ? EndOfArguments(open, kind == ShellTokenKind.Action) : open;
        // The brace of `@retry(3){ a }` stands alone and begins commands.
        _wordStart = _commandStart = kind == ShellTokenKind.Misplaced;
        return Take(kind, after - _at, quoting);
    }

    private int EndOfArguments(int open, bool templates)
    {
        // Arguments that were not closed once are not for any decorator after it in this statement.
        if (_unclosedArguments >= 0) return open + 1;
        var after = arguments.EndOfArguments(open, end, templates);
        if (after >= 0) return after;
        _unclosedArguments = open;
        return open + 1;
    }

    private bool IsBrace(int at, DecoratorRole role)
    {
        if (role == DecoratorRole.Action || !_wordStart) return false;
        at = Lines.SkipBlanks(text, at, end);
        return at < end && text[at] == '{';
    }

    // `user@log(…)` is somebody's text; `"@log(…)"` is probably a mistake.
    private bool IsInWord() => _at > _start && (char.IsLetterOrDigit(text[_at - 1]) || text[_at - 1] is '_' or '-' or '.' or '@' or '/');

    private ShellToken Run(SearchValues<char> stops)
    {
        var length = text.AsSpan(_at + 1, end - _at - 1).IndexOfAny(stops);
        return Text(length < 0 ? end - _at : length + 1);
    }

    private void Word() => _wordStart = _commandStart = _linkStart = false;

    private ShellToken Push(Context context, int length, bool isCommand = false)
    {
        _open.Add((context, _at));
        Word();
        _wordStart = _commandStart = isCommand;
        return Text(length);
    }

    private ShellToken Close()
    {
        _open.RemoveAt(_open.Count - 1);
        Word();
        return Text(1);
    }

    private ShellToken Text(int length) => Take(ShellTokenKind.Text, length);

    private ShellToken Take(ShellTokenKind kind, int length, Quoting quoting = Quoting.Bare)
    {
        var token = new ShellToken(kind, _at, _at + length, quoting);
        _at += length;
        return token;
    }
}
