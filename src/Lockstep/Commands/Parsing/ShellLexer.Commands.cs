namespace Lockstep.Commands.Parsing;

/// <content>Outside quotes: operators, groups and the shell's reserved words.</content>
internal sealed partial class ShellLexer
{
    private ShellToken InCommand(char c)
    {
        switch (c)
        {
            case ' ' or '\t' or '\r' or '\f' or '\v' or '\n':
                _wordStart = true;
                return Text(1);
            case '\'':
                return Push(Context.Single, 1);
            case '"':
                return Push(Context.Double, 1);
            case '(':
                return Push(Context.Parenthesis, 1, isCommand: true);
            case ')':
                return CloseParenthesis();
            case ';':
                return Semicolon();
            case '&' or '|':
                return Operator(c);
            case '>' when _at + 1 < end && text[_at + 1] == '>' && IsTop && IsPlainRedirection():
                Redirection();
                return Take(ShellTokenKind.Append, 2);
            case '<' when _at + 1 < end && text[_at + 1] == '<':
                return HereDocumentOrString();
            case '<' or '>':
                Redirection();
                return Text(1);
            case '{' or '}':
                return Brace(c);
            case '#' when _wordStart:
                return ShellComment();
            case '/' when IsComment():
                return Take(ShellTokenKind.Comment, end - _at);
            default:
                return PlainWord();
        }
    }

    private ShellToken CloseParenthesis()
    {
        DropBraces();
        var isSubstitution = !IsTop && _open[^1].Context == Context.Substitution;
        if (isSubstitution || (!IsTop && _open[^1].Context == Context.Parenthesis)) _open.RemoveAt(_open.Count - 1);
        Word();
        _wordStart = _commandStart = !isSubstitution;
        return Text(1);
    }

    private ShellToken Semicolon()
    {
        if (_at + 1 < end && text[_at + 1] is ';' or '&')
        {
            DropBraces();
            AfterOperator(isLink: false);
            if (!IsTop && _open[^1].Context == Context.CaseBody) Become(Context.CasePattern);
            return Text(_at + 2 < end && text[_at + 2] == '&' ? 3 : 2);
        }
        var parts = isOneLine && IsTop;
        AfterOperator(isLink: parts);
        return Take(parts ? ShellTokenKind.Semicolon : ShellTokenKind.Text, 1);
    }

    private ShellToken Operator(char c)
    {
        var next = _at + 1 < end ? text[_at + 1] : '\0';
        var before = _at > _start ? text[_at - 1] : '\0';
        // `2>&1`, `<&-`, `&>file` and `>|file` are redirections.
        if (before == '>' || (c == '&' && (before == '<' || next == '>')))
        {
            Redirection();
            return Text(1);
        }
        AfterOperator(isLink: IsTop && (c == '|' || next == '&'));
        if (next == c) return Take(!IsTop ? ShellTokenKind.Text : c == '&' ? ShellTokenKind.And : ShellTokenKind.Or, 2);
        if (c == '&' || next == '&') return Text(c == '&' ? 1 : 2);
        return Take(IsTop ? ShellTokenKind.Pipe : ShellTokenKind.Text, 1);
    }

    private void AfterOperator(bool isLink)
    {
        _wordStart = _commandStart = true;
        _linkStart = isLink;
    }

    private void Redirection()
    {
        Word();
        _wordStart = true;
    }

    private ShellToken HereDocumentOrString()
    {
        Redirection();
        if (_at + 2 < end && text[_at + 2] == '<') return Text(3);
        // Some shells' `((1<<2))` is arithmetic.
        var isArithmetic = _open is [.., (Context.Parenthesis, var outer), (Context.Parenthesis, var inner)] && inner == outer + 1;
        if (_hereDocument < 0 && !isArithmetic) _hereDocument = _at;
        return Text(2);
    }

    // `2>>file` and `&>>file` are the shell's.
    private bool IsPlainRedirection() => _at == _start || !(char.IsAsciiDigit(text[_at - 1]) || text[_at - 1] is '&' or '<' or '>');

    private ShellToken Brace(char c)
    {
        var next = _at + 1 < end ? text[_at + 1] : ' ';
        if (c == '{')
        {
            // `s:{ a }` and `s: { a }` are branches.
            var isBranch = text.AsSpan(_start, _at - _start).TrimEnd(' ').EndsWith(':');
            if ((_wordStart || isBranch) && (Lines.IsBlank(next) || next is '\n' or '\\'))
                return Push(_commandStart ? Context.Group : Context.Brace, 1, isCommand: _commandStart || isBranch);
            Word();
            return Text(next == '}' ? 2 : 1);
        }
        var endsAlone = (_wordStart || _at == _afterBrace) && (Lines.IsBlank(next) || next is '\n' or ';' or ')' or '}' or '&' or '|' or '<' or '>' or '\\');
        var closesGroup = endsAlone && !IsTop && _open[^1].Context is Context.Group or Context.Brace;
        var isCommand = closesGroup && _open[^1].Context == Context.Group;
        if (closesGroup)
        {
            Braces?.TryAdd(_open[^1].Start, _at);
            _open.RemoveAt(_open.Count - 1);
        }
        var closesBlock = endsAlone && !closesGroup && IsTop;
        Word();
        _commandStart = isCommand;
        if (endsAlone) _afterBrace = _at + 1;
        return Take(closesBlock ? ShellTokenKind.CloseBrace : ShellTokenKind.Text, 1);
    }

    private ShellToken ShellComment()
    {
        var length = _backticks == 0 ? -1 : text.AsSpan(_at, end - _at).IndexOf('`');
        return length < 0 ? Take(ShellTokenKind.ShellComment, end - _at) : Text(length);
    }

    private bool IsComment()
        => _wordStart && _at + 1 < end && text[_at + 1] == '/' && !_open.Exists(open => IsReadApart(open.Context))
            && (_at == _start || Lines.IsBlank(text[_at - 1]) || text[_at - 1] == '\n')
            && (_at + 2 >= end || Lines.IsBlank(text[_at + 2]) || text[_at + 2] is '\n' or '\\');

    // What is substituted is text of its own: a comment of ours would take its closing parenthesis away.
    private static bool IsReadApart(Context context) => context is Context.Single or Context.Double or Context.Backticks or Context.Substitution
        or Context.Parameter or Context.QuotedParameter or Context.Arithmetic or Context.ArithmeticParenthesis;

    private ShellToken PlainWord()
    {
        var length = WordLength();
        var isWord = _wordStart && IsWholeWord(_at + length);
        var isCommand = isWord && _commandStart;
        var word = text.AsSpan(_at, length);
        Word();
        if (isCommand && length <= 6) Reserved(word);
        else if (isWord && word is "in" && IsAfterSubject()) AwaitPattern();
        return Text(length);
    }

    private ShellToken InCasePattern(char c)
    {
        switch (c)
        {
            case ' ' or '\t' or '\r' or '\f' or '\v' or '\n':
                _wordStart = true;
                return Text(1);
            case '\'':
                return Push(Context.Single, 1);
            case '"':
                return Push(Context.Double, 1);
            case '#' when _wordStart:
                return ShellComment();
            case ')':
                Become(Context.CaseBody);
                AfterOperator(isLink: false);
                return Text(1);
        }
        var length = WordLength();
        var isEnd = _wordStart && _commandStart && text.AsSpan(_at, length) is "esac" && IsWholeWord(_at + length);
        Word();
        if (isEnd) CloseCompound();
        return Text(length);
    }

    private int WordLength()
    {
        var length = text.AsSpan(_at + 1, end - _at - 1).IndexOfAny(WordStops);
        return length < 0 ? end - _at : length + 1;
    }

    private bool IsWholeWord(int at) => at >= end || Lines.IsBlank(text[at]) || text[at] is ';' or '&' or '|' or ')' or '<' or '>' or '\n' or '\\';

    // In `case in in`, the first is what the patterns are for.
    private bool IsAfterSubject()
        => !IsTop && _open[^1] is (Context.Case, var start) && Lines.SkipBlanks(text, start + "case".Length, _at) < _at;

    private void AwaitPattern()
    {
        Become(Context.CasePattern);
        _commandStart = true;
    }

    private void Become(Context context) => _open[^1] = (context, _open[^1].Start);

    private void Reserved(ReadOnlySpan<char> word)
    {
        if (word is "fi" or "done" or "esac") DropBraces();
        switch (word)
        {
            case "if" or "while" or "until":
                _open.Add((Context.Compound, _at));
                _commandStart = true;
                break;
            case "for" or "select":
                _open.Add((Context.Compound, _at));
                break;
            case "case":
                _open.Add((Context.Case, _at));
                break;
            case "then" or "do" or "else" or "elif" or "!":
                _commandStart = true;
                break;
            case "fi" or "done" when !IsTop && _open[^1].Context == Context.Compound:
            case "esac" when !IsTop && _open[^1].Context == Context.CaseBody:
                CloseCompound();
                break;
        }
    }

    // A brace that began no command was text, if something around it ends first.
    private void DropBraces()
    {
        while (_open is [.., (Context.Brace, _)]) _open.RemoveAt(_open.Count - 1);
    }

    // A word that closes another one may follow without a `;`: `fi fi`, `done }`.
    private void CloseCompound()
    {
        _open.RemoveAt(_open.Count - 1);
        _commandStart = true;
    }
}
