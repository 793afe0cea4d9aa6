using System.Text;

namespace Lockstep.Expressions;

/// <summary>A value as shell text shows it: what is shown, copied into a shell, means what was run.</summary>
internal static class ShownValue
{
    /// <summary>The text, quoted where the shell would otherwise read it as code.</summary>
    public static string Of(string text, Quoting quoting) => quoting switch
    {
        Quoting.Bare when IsPlain(text) => text,
        Quoting.Bare => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'",
        Quoting.DoubleQuoted when text.AsSpan().IndexOfAny("\"$`\\") >= 0 => Escaped(text),
        _ => text,
    };

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && !"_./:=@%+,-".Contains(c, StringComparison.Ordinal)) return false;
        return text.Length > 0;
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (c is '"' or '$' or '`' or '\\') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
