using System.Globalization;
using System.Text;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>The texts of JUnit reports, which are written by hand.</summary>
internal static class JUnitText
{
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>White space in an attribute would be read as blanks, so it is written by its number.</summary>
    public static string Attribute(string text)
        => Text(text).Replace("\"", "&quot;", StringComparison.Ordinal).Replace("\n", "&#10;", StringComparison.Ordinal).Replace("\t", "&#9;", StringComparison.Ordinal);

    /// <summary>XML has no way to write most control characters, not even by their numbers.</summary>
    public static string Text(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            switch (rune.Value)
            {
                case '<': safe.Append("&lt;"); break;
                case '>': safe.Append("&gt;"); break;
                case '&': safe.Append("&amp;"); break;
                case '\r': safe.Append("&#13;"); break;
                case < 0x20 and not '\n' and not '\t': safe.Append('\uFFFD'); break;
                case 0xFFFE or 0xFFFF: safe.Append('\uFFFD'); break;
                default: safe.Append(rune); break;
            }
        return safe.ToString();
    }
}
