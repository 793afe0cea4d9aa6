using System.Collections.Immutable;
using System.Text;

namespace Lockstep.Processes.Shell;

/// <summary>Shell text with its values inserted as data. Closed.</summary>
internal abstract record RenderedScript
{
    private RenderedScript() { }

    /// <summary>What to give a shell.</summary>
    /// <param name="Text">What follows <c>-c</c>.</param>
    /// <param name="Values">What follows the text and the name of the shell: the values, which the text takes into variables.</param>
    internal sealed record Script(string Text, ImmutableArray<string> Values) : RenderedScript;

    /// <summary>A value that can't be inserted.</summary>
    /// <param name="Piece">The index of its piece.</param>
    /// <param name="Reason">A sentence without the value itself, which may be a secret.</param>
    internal sealed record Refused(int Piece, string Reason) : RenderedScript;
}

/// <summary>
/// Renders shell text with values that stay data. The values travel as arguments of the shell; the text begins with
/// <c>_ls1=$1 _ls2=$2;shift 2;</c> and uses <c>"${_ls1}"</c> where they stood. So no value is ever read as code, nothing needs escaping,
/// the line numbers of the shell's messages stay those of the text, and the text sees no arguments of its own.
/// </summary>
internal static class ShellScript
{
    private const string Variable = "_ls";
    private const string Dollar = "_lsd";

    public static RenderedScript Render(ReadOnlySpan<ShellPiece> pieces)
    {
        var body = new StringBuilder();
        var values = new List<string>();
        var usesDollar = false;
        for (var i = 0; i < pieces.Length; i++)
        {
            var (kind, text) = pieces[i];
            if (kind == PieceKind.Code)
            {
                if (text.Contains('\0', StringComparison.Ordinal)) return new RenderedScript.Refused(i, "The text holds NUL, which no shell can read.");
                var ownsDollar = i + 1 < pieces.Length && pieces[i + 1].Kind is PieceKind.Bare or PieceKind.DoubleQuoted && EndsWithLoneDollar(text);
                usesDollar |= ownsDollar;
                // "$" before a value is a dollar sign; before what the value becomes it would be the beginning of something else.
                body.Append(ownsDollar ? text.AsSpan(0, text.Length - 1) : text).Append(ownsDollar ? $"${{{Dollar}}}" : "");
            }
            else if (text.Contains('\0', StringComparison.Ordinal))
            {
                return new RenderedScript.Refused(i, "The value holds NUL, which no program can be given. Remove it, or pass the value through a file.");
            }
            else if (kind == PieceKind.Arithmetic)
            {
                if (!IsWholeNumber(text))
                    return new RenderedScript.Refused(i, "The value is not a whole number, so it can't stand inside $(( )). Use a number, or move it out.");
                body.Append(text[0] == '-' ? $"({text})" : text);
            }
            else
            {
                var number = values.IndexOf(text) + 1;
                if (number == 0)
                {
                    values.Add(text);
                    number = values.Count;
                }
                body.Append(kind == PieceKind.Bare ? $"\"${{{Variable}{number}}}\"" : $"${{{Variable}{number}}}");
            }
        }
        return new RenderedScript.Script(Preamble(values.Count, usesDollar) + body, [.. values]);
    }

    /// <summary>
    /// Whether a pipe may stand in the text, at any depth. It may say yes for a <c>|</c> that is something else (a case pattern, a
    /// comment): then only another shell runs the text.
    /// </summary>
    public static bool HasPipe(ReadOnlySpan<ShellPiece> pieces)
    {
        var quote = '\0';
        var substitutes = false;
        foreach (var (kind, text) in pieces)
        {
            if (kind != PieceKind.Code) continue;
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                if (quote == '\'')
                {
                    if (c == '\'') quote = '\0';
                }
                else if (c == '\\')
                {
                    i++;
                }
                else if (c == '"')
                {
                    quote = quote == '"' ? '\0' : '"';
                }
                else if (c == '\'' && quote == '\0')
                {
                    quote = c;
                }
                else if (c == '`' || (c == '$' && i + 1 < text.Length && text[i + 1] == '('))
                {
                    substitutes = true;
                }
                else if (c == '|')
                {
                    if (i + 1 < text.Length && text[i + 1] == '|') i++;
                    else if ((quote == '\0' || substitutes) && !(i > 0 && text[i - 1] == '>')) return true;
                }
            }
        }
        return false;
    }

    private static string Preamble(int values, bool usesDollar)
    {
        if (values == 0) return "";
        var preamble = new StringBuilder();
        for (var i = 1; i <= values; i++)
        {
            if (i > 1) preamble.Append(' ');
            preamble.Append(Variable).Append(i).Append("=${").Append(i).Append('}');
        }
        if (usesDollar) preamble.Append(' ').Append(Dollar).Append("='$'");
        return preamble.Append(";shift ").Append(values).Append(';').ToString();
    }

    private static bool EndsWithLoneDollar(string text)
    {
        var dollars = TrailingRun(text, text.Length, '$');
        var escaped = TrailingRun(text, text.Length - dollars, '\\') % 2;
        // Two of them are the shell's process number.
        return dollars > 0 && (dollars - escaped) % 2 == 1;
    }

    private static int TrailingRun(string text, int end, char c)
    {
        var run = 0;
        while (run < end && text[end - 1 - run] == c) run++;
        return run;
    }

    private static bool IsWholeNumber(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        var hex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (hex) digits = digits[2..];
        foreach (var c in digits)
            if (!(hex ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c))) return false;
        return digits.Length > 0;
    }
}
