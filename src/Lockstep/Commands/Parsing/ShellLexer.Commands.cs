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
            AfterOperator(isLink: false);
            return Text(2);
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

    // `2>>file` and `&>>file` are the shell's.
    private bool IsPlainRedirection() => _at == _start || !(char.IsAsciiDigit(text[_at - 1]) || text[_at - 1] is '&' or '<' or '>');

    private ShellToken Brace(char c)
    {
        var next = _at + 1 < end ? text[_at + 1] : ' ';
        if (c == '{')
        {
            // `s:{ a }` is a branch.
            var standsAlone = _wordStart || (_at > _start && text[_at - 1] == ':');
            if (standsAlone && (Lines.IsBlank(next) || next is '\n' or '\\')) return Push(Context.Group, 1, isCommand: true);
            Word();
            return Text(next == '}' ? 2 : 1);
        }
        var endsAlone = (_wordStart || _at == _afterBrace) && (Lines.IsBlank(next) || next is '\n' or ';' or ')' or '}' or '&' or '|' or '<' or '>' or '\\');
        var closesGroup = endsAlone && !IsTop && _open[^1].Context == Context.Group;
        if (closesGroup)
        {
            Braces?.TryAdd(_open[^1].Start, _at);
            _open.RemoveAt(_open.Count - 1);
        }
        var closesBlock = endsAlone && !closesGroup && IsTop;
        Word();
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
    private static bool IsReadApart(Context context) => context is not (Context.Group or Context.Compound or Context.Parenthesis);

    private ShellToken PlainWord()
    {
        var length = text.AsSpan(_at + 1, end - _at - 1).IndexOfAny(WordStops);
        length = length < 0 ? end - _at : length + 1;
        var isCommand = _wordStart && _commandStart && IsWholeWord(_at + length);
        var word = text.AsSpan(_at, length);
        Word();
        if (isCommand && length <= 6) Reserved(word);
        return Text(length);
    }

    private bool IsWholeWord(int at) => at >= end || Lines.IsBlank(text[at]) || text[at] is ';' or '&' or '|' or ')' or '<' or '>' or '\n' or '\\';

    private void Reserved(ReadOnlySpan<char> word)
    {
        switch (word)
        {
            case "if" or "while" or "until":
                _open.Add((Context.Compound, _at));
                _commandStart = true;
                break;
            case "for" or "case" or "select":
                _open.Add((Context.Compound, _at));
                break;
            case "then" or "do" or "else" or "elif" or "!":
                _commandStart = true;
                break;
            case "fi" or "done" or "esac" when !IsTop && _open[^1].Context == Context.Compound:
                _open.RemoveAt(_open.Count - 1);
                break;
        }
    }
}
