using System.Globalization;
using System.Text;

namespace Lockstep.Redaction;

/// <summary>The byte strings in which a secret can stand in output.</summary>
internal static class SecretForms
{
    /// <summary>Shorter ones are not searched for: they would match by chance everywhere.</summary>
    public const int ShortestSecret = 4;

    /// <summary>A part of an encoded secret, or a line of a longer one, that is too short to be told from other text.</summary>
    private const int ShortestPart = 4;
    private const int ShortestLine = 8;

    /// <summary>A longer secret is looked for in parts of its lines, so that what a set holds grows with its length and no faster.</summary>
    private const int LongestWhole = 4096;
    private const int PartLength = 256;
    private const int LongestEncoded = 256 * 1024;

    /// <summary>As browsers and Rust, Python, PHP, Go, .NET, and .NET's relaxed encoder write it.</summary>
    private static JsonWriter[] JsonWriters =>
    [
        new(LastAsIs: char.MaxValue, AsHex: "", Slash: false, HexFormat: "x4"),
        new(LastAsIs: '~', AsHex: "", Slash: false, HexFormat: "x4"),
        new(LastAsIs: '~', AsHex: "", Slash: true, HexFormat: "x4"),
        new(LastAsIs: char.MaxValue, AsHex: "<>&", Slash: false, HexFormat: "x4"),
        new(LastAsIs: '~', AsHex: "\"<>&'+`", Slash: false, HexFormat: "X4"),
        new(LastAsIs: '\ud7ff', AsHex: "", Slash: false, HexFormat: "X4"),
    ];

    /// <summary>
    /// What is left as it is beside letters and digits: by RFC 3986, .NET, Go's queries and curl; Python; PHP; Java and forms of HTML; browsers,
    /// for a part and for a whole address; Go's paths.
    /// </summary>
    private static string[] UrlWriters => ["-_.~", "-_.~/", "-_.", "-_.*", "-_.~!*'()", "-_.~!*'();/?:@&=+$,#", "-_.~$&+:=@"];

    /// <summary>
    /// All forms of one secret: as it is, line by line, in base64, URL-encoded and escaped for JSON. Of one over 4096 characters: each line
    /// of at least 4 characters in parts, and up to 256 KiB also its base64 in parts.
    /// </summary>
    public static IEnumerable<byte[]> Of(string secret)
    {
        if (secret.Length < ShortestSecret) yield break;
        if (secret.Length > LongestWhole)
        {
            foreach (var line in secret.Split(['\n', '\r']))
                foreach (var part in Parts(line.Trim())) yield return Encoding.UTF8.GetBytes(part);
            if (secret.Length > LongestEncoded) yield break;
            foreach (var part in Parts(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='))) yield return Encoding.ASCII.GetBytes(part);
            yield break;
        }
        foreach (var text in Texts(secret)) yield return Encoding.UTF8.GetBytes(text);
        foreach (var text in Base64(Encoding.UTF8.GetBytes(secret))) yield return Encoding.ASCII.GetBytes(text);
    }

    /// <summary>All of a text in parts of one length; the last overlaps the one before it rather than being too short to search for.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        if (text.Length < ShortestPart) yield break;
        var from = 0;
        for (; from + PartLength < text.Length; from += PartLength) yield return Part(text, from);
        yield return Part(text, Math.Max(0, text.Length - PartLength));
    }

    /// <summary>A part that halves no character: half of one has no bytes of its own.</summary>
    private static string Part(string text, int from)
    {
        var to = Math.Min(from + PartLength, text.Length);
        if (char.IsLowSurrogate(text[from]) && from > 0) from--;
        if (to < text.Length && char.IsLowSurrogate(text[to])) to++;
        return text[from..to];
    }

    private static IEnumerable<string> Texts(string secret)
    {
        yield return secret;

        var trimmed = secret.Trim();
        if (trimmed.Length != secret.Length && trimmed.Length >= ShortestSecret) yield return trimmed;
        if (trimmed.Contains('\n', StringComparison.Ordinal))
        {
            // A terminal makes \r\n of \n, and many programs print a key line by line, indented.
            yield return trimmed.ReplaceLineEndings("\r\n");
            foreach (var line in trimmed.Split('\n'))
                if (line.Trim() is { Length: >= ShortestLine } part) yield return part;
        }

        foreach (var asIs in UrlWriters)
        {
            var escaped = UrlEncoded(secret, asIs);
            yield return escaped;
            yield return LowerHex(escaped);
            if (!escaped.Contains("%20", StringComparison.Ordinal)) continue;
            yield return escaped.Replace("%20", "+", StringComparison.Ordinal);
            yield return LowerHex(escaped).Replace("%20", "+", StringComparison.Ordinal);
        }

        foreach (var writer in JsonWriters) yield return Json(secret, writer);
    }

    /// <summary>
    /// Base64 of text that holds the secret depends on how many bytes stand before it, modulo 3, and its outermost characters also on
    /// the neighbours. So: for each of the three the characters that the secret alone decides, and the whole encoding of the secret by itself.
    /// </summary>
    private static IEnumerable<string> Base64(byte[] secret)
    {
        for (var before = 0; before < 3; before++)
        {
            var padded = new byte[before + secret.Length];
            secret.CopyTo(padded, before);
            var first = (before * 8 + 5) / 6;
            var end = padded.Length * 8 / 6;
            var whole = Convert.ToBase64String(padded);
            if (end - first >= ShortestPart)
            {
                yield return whole[first..end];
                yield return UrlAlphabet(whole[first..end]);
            }
            if (before > 0) continue;
            yield return whole;
            yield return UrlAlphabet(whole);
            yield return whole.TrimEnd('=');
            yield return UrlAlphabet(whole.TrimEnd('='));
        }
    }

    private static string UrlAlphabet(string base64) => base64.Replace('+', '-').Replace('/', '_');

    private static string UrlEncoded(string secret, string asIs)
    {
        var text = new StringBuilder(secret.Length + 8);
        foreach (var unit in Encoding.UTF8.GetBytes(secret))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || asIs.Contains((char)unit, StringComparison.Ordinal)) text.Append((char)unit);
            else text.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static string LowerHex(string escaped)
    {
        var text = escaped.ToCharArray();
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] != '%') continue;
            text[i + 1] = char.ToLowerInvariant(text[i + 1]);
            text[i + 2] = char.ToLowerInvariant(text[i + 2]);
        }
        return new(text);
    }

    private static string Json(string secret, in JsonWriter writer)
    {
        const string Short = "\b\t\n\f\r";
        var json = new StringBuilder(secret.Length + 8);
        foreach (var c in secret)
        {
            if (Short.IndexOf(c, StringComparison.Ordinal) is >= 0 and var letter) json.Append('\\').Append("btnfr"[letter]);
            else if (c < ' ' || c > writer.LastAsIs || writer.AsHex.Contains(c, StringComparison.Ordinal))
                json.Append("\\u").Append(((int)c).ToString(writer.HexFormat, CultureInfo.InvariantCulture));
            else if (c is '"' or '\\' || (c == '/' && writer.Slash)) json.Append('\\').Append(c);
            else json.Append(c);
        }
        return json.ToString();
    }

    /// <summary>How a family of programs escapes JSON strings.</summary>
    private readonly record struct JsonWriter(char LastAsIs, string AsHex, bool Slash, string HexFormat);
}
