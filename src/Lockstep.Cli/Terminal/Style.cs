namespace Lockstep.Cli.Terminal;

/// <summary>How emphasis is written: as ANSI escapes, or not at all.</summary>
internal sealed class Style
{
    public static readonly Style Coloured = new(true);
    public static readonly Style Plain = new(false);
    private readonly bool _colour;

    private Style(bool colour) => _colour = colour;

    public bool Colour => _colour;

    public string Bold(string text) => Wrap("\e[1m", text);

    public string Dim(string text) => Wrap("\e[2m", text);

    public string Red(string text) => Wrap("\e[31m", text);

    public string Green(string text) => Wrap("\e[32m", text);

    public string Yellow(string text) => Wrap("\e[33m", text);

    public string Cyan(string text) => Wrap("\e[36m", text);

    public string Grey(string text) => Wrap("\e[90m", text);

    public string BoldRed(string text) => Wrap("\e[1;31m", text);

    private string Wrap(string start, string text) => _colour && text.Length > 0 ? start + text + "\e[0m" : text;
}
