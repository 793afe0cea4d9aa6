using System.Collections.Frozen;

namespace Lockstep.Commands.Binding.Habits;

/// <summary>Statements that only change the shell they run in, which ends with them: what follows is another process.</summary>
internal static class ShellState
{
    private static readonly Lazy<FrozenSet<string>> _words = new(() => FrozenSet.ToFrozenSet(
        ["cd", "pushd", "popd", "export", "set", "unset", "source", ".", "umask", "ulimit", "alias", "shopt", "trap", "wait", "read", "declare", "local", "readonly"]));

    /// <summary>The word that changes it, such as <c>cd</c>, or the name that is assigned with its <c>=</c>; empty where the statement does more.</summary>
    /// <param name="written">The statement as the file has it.</param>
    public static ReadOnlySpan<char> ChangedBy(ReadOnlySpan<char> written)
    {
        var end = written.IndexOfAny(' ', '\t', '=');
        if (end > 0 && written[end] == '=') return IsOneWord(written) && IsName(written[..end]) ? written[..(end + 1)] : default;
        var word = end < 0 ? written : written[..end];
        return !written.ContainsAny(";&|\n") && _words.Value.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) ? word : default;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        return !char.IsAsciiDigit(text[0]);
    }

    /// <summary>Whether no blank stands outside quotes and parentheses: after one, the assignment is for the command that follows.</summary>
    private static bool IsOneWord(ReadOnlySpan<char> text)
    {
        var quote = '\0';
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'') i++;
            else if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'' or '`') quote = c;
            else if (c == '(') depth++;
            else if (c == ')') depth--;
            else if (depth == 0 && c is ' ' or '\t' or ';' or '&' or '|' or '\n') return false;
        }

        return true;
    }
}
