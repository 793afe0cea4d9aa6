using System.Text;

namespace Lockstep.Tests.Language;

/// <summary>A fenced <c>cli</c> block of the language guide, and the <c>plan</c> or <c>error</c> block under it that says what comes of it.</summary>
/// <param name="Page">The page's file name.</param>
/// <param name="Line">The line of the fence, from 1.</param>
/// <param name="Words">What follows <c>cli</c> on the fence: <c>[watch|stop] NAME [KEY=value …] [-- argument …]</c>; <c>@http=value</c> answers every GET.</param>
/// <param name="File">The command file.</param>
/// <param name="Kind"><c>plan</c> or <c>error</c>; empty where the file need only be without errors.</param>
/// <param name="Expected">What is printed.</param>
public sealed record GuideExample(string Page, int Line, string Words, string File, string Kind, string Expected)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Page}:{Line}";

    /// <summary>All of a page, in order.</summary>
    public static IEnumerable<GuideExample> Of(string page, string text)
    {
        GuideExample? pending = null;
        foreach (var (line, words, body) in Blocks(text))
        {
            var space = words.IndexOf(' ', StringComparison.Ordinal);
            var language = space < 0 ? words : words[..space];
            if (language is "plan" or "error" && pending is not null)
            {
                yield return pending with { Kind = language, Expected = body };
                pending = null;
                continue;
            }
            if (pending is not null) yield return pending;
            pending = language == "cli" ? new GuideExample(page, line, space < 0 ? "" : words[(space + 1)..], body, "", "") : null;
        }
        if (pending is not null) yield return pending;
    }

    private static IEnumerable<(int Line, string Words, string Body)> Blocks(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal)) continue;
            var start = i;
            var body = new StringBuilder();
            while (++i < lines.Length && lines[i] != "```") body.Append(lines[i]).Append('\n');
            yield return (start + 1, lines[start][3..].Trim(), body.ToString());
        }
    }
}
