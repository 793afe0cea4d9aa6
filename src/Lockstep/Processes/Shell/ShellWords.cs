using System.Text;

namespace Lockstep.Processes.Shell;

/// <summary>
/// Tells shell text that only names a program and its arguments, which can be started without a shell. When in doubt it is left to the
/// shell: a wrong "no" costs a millisecond, a wrong "yes" changes what the text means.
/// </summary>
internal static class ShellWords
{
    private const string PlainPunctuation = "_-./:,+%@=";

    private enum Quote
    {
        None,
        Single,
        Double,
    }

    /// <summary>The program's name and its arguments; null when a shell is needed.</summary>
    public static string[]? Split(ReadOnlySpan<ShellPiece> pieces)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = Quote.None;
        foreach (var (kind, text) in pieces)
        {
            if (kind != PieceKind.Code)
            {
                if (kind != (quote == Quote.None ? PieceKind.Bare : PieceKind.DoubleQuoted) || quote == Quote.Single) return null;
                word.Append(text);
                inWord = true;
                continue;
            }
            foreach (var c in text)
            {
                if (quote != Quote.None)
                {
                    if (c == (quote == Quote.Single ? '\'' : '"')) quote = Quote.None;
                    else if (quote == Quote.Double && c is '$' or '`' or '\\') return null;
                    else word.Append(c);
                }
                else if (c is ' ' or '\t')
                {
                    if (inWord) words.Add(word.ToString());
                    word.Clear();
                    inWord = false;
                }
                else
                {
                    if (c is '\'') quote = Quote.Single;
                    else if (c is '"') quote = Quote.Double;
                    else if (IsPlain(c)) word.Append(c);
                    else return null;
                    inWord = true;
                }
            }
        }
        if (quote != Quote.None) return null;
        if (inWord) words.Add(word.ToString());
        return words.Count > 0 && CanStart(words) ? [.. words] : null;
    }

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || PlainPunctuation.Contains(c, StringComparison.Ordinal) || c > 0x9f;

    private static bool CanStart(List<string> words) => words[0] switch
    {
        "" => false,
        var name when name.Contains('=', StringComparison.Ordinal) => false,
        // The programs of these names mean the same as the builtins, but for options and, in echo, backslashes.
        "true" or "false" => !words.Exists(static word => word.StartsWith('-')),
        "echo" => !words.Exists(static word => word.StartsWith('-') || word.Contains('\\', StringComparison.Ordinal)),
        var name => !BelongsToShell(name),
    };

    /// <summary>Reserved words and builtins of dash, bash and BusyBox.</summary>
    public static bool BelongsToShell(string name) => name is
        "if" or "then" or "else" or "elif" or "fi" or "do" or "done" or "case" or "esac" or "while" or "until" or "for" or "in"
        or "{" or "}" or "!" or "function" or "select" or "time" or "coproc" or "[[" or "]]"
        or "." or ":" or "[" or "alias" or "bg" or "bind" or "break" or "builtin" or "caller" or "cd" or "chdir" or "command"
        or "compgen" or "complete" or "compopt" or "continue" or "declare" or "dirs" or "disown" or "enable" or "eval" or "exec"
        or "exit" or "export" or "fc" or "fg" or "getopts" or "hash" or "help" or "history" or "jobs" or "kill" or "let" or "local"
        or "logout" or "mapfile" or "newgrp" or "popd" or "printf" or "pushd" or "pwd" or "read" or "readarray" or "readonly"
        or "return" or "set" or "shift" or "shopt" or "source" or "suspend" or "test" or "times" or "trap" or "type" or "typeset"
        or "ulimit" or "umask" or "unalias" or "unset" or "wait";
}
