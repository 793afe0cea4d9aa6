using System.Text;

namespace Lockstep.Expressions;

/// <summary>Renders <c>{green}…{/green}</c> markup, with ANSI colours or plain.</summary>
/// <remarks>
/// Styles are <c>bold dim red green yellow blue magenta cyan gray</c> (or <c>grey</c>); they nest, and one left open ends with the text.
/// Any other braces are text, so JSON passes unharmed, and so is a closing tag of a style that is not open. <c>{{green}}</c> is the
/// text <c>{green}</c>.
/// </remarks>
internal sealed class LogMarkup(bool colour)
{
    private readonly StringBuilder _rendered = new();
    private readonly List<string> _open = [];

    /// <summary>A whole message without values in it.</summary>
    public static string Render(string markup, bool colour)
    {
        var rendering = new LogMarkup(colour);
        rendering.AddMarkup(markup);
        return rendering.Finish();
    }

    /// <summary>Adds text of the definition, in which braces are markup.</summary>
    public void AddMarkup(ReadOnlySpan<char> markup)
    {
        while (true)
        {
            var brace = markup.IndexOf('{');
            if (brace < 0) break;
            _rendered.Append(markup[..brace]);
            markup = markup[brace..];
            if (markup.StartsWith("{{") && TagAt(markup[1..]) is { } quoted && markup[(1 + quoted.Length)..].StartsWith("}"))
            {
                _rendered.Append(markup.Slice(1, quoted.Length));
                markup = markup[(quoted.Length + 2)..];
            }
            else if (TagAt(markup) is { } tag && Apply(tag))
            {
                markup = markup[tag.Length..];
            }
            else
            {
                _rendered.Append('{');
                markup = markup[1..];
            }
        }

        _rendered.Append(markup);
    }

    /// <summary>Adds a value, in which braces are only braces.</summary>
    public void AddText(ReadOnlySpan<char> text) => _rendered.Append(text);

    /// <summary>The rendered message, with every style ended.</summary>
    public string Finish()
    {
        if (_open.Count > 0 && colour) _rendered.Append(Reset);
        _open.Clear();
        return _rendered.ToString();
    }

    private const string Reset = "\e[0m";

    private readonly record struct Tag(string Code, bool Closes, int Length);

    private bool Apply(Tag tag)
    {
        if (!tag.Closes)
        {
            _open.Add(tag.Code);
            if (colour) _rendered.Append(tag.Code);
            return true;
        }

        var innermost = _open.LastIndexOf(tag.Code);
        if (innermost < 0) return false;
        _open.RemoveAt(innermost);
        if (!colour) return true;
        _rendered.Append(Reset);
        foreach (var code in _open) _rendered.Append(code);
        return true;
    }

    private static Tag? TagAt(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('}');
        if (end < 2) return null;
        var closes = text[1] == '/';
        var code = text[(closes ? 2 : 1)..end] switch
        {
            "bold" => "\e[1m",
            "dim" => "\e[2m",
            "red" => "\e[31m",
            "green" => "\e[32m",
            "yellow" => "\e[33m",
            "blue" => "\e[34m",
            "magenta" => "\e[35m",
            "cyan" => "\e[36m",
            "gray" or "grey" => "\e[90m",
            _ => null,
        };
        return code is null ? null : new Tag(code, closes, end + 1);
    }
}
