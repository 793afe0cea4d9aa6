using System.Buffers;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Parsing;

/// <summary>A place in a text that moves forward, and where what is found there is reported.</summary>
internal sealed class Cursor
{
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n,)");

    private readonly Span? _literal;

    /// <summary>At the start of a file.</summary>
    public Cursor(SourceText source, DiagnosticBag bag)
    {
        (Source, Bag, Text) = (source, bag, source.Text);
        End = Text.Length;
    }

    /// <summary>At the start of what a string literal says, escapes undone: all in it has the literal's span.</summary>
    public Cursor(SourceText source, DiagnosticBag bag, string text, Span literal)
    {
        (Source, Bag, Text, _literal) = (source, bag, text, literal);
        End = Text.Length;
    }

    public SourceText Source { get; }

    public DiagnosticBag Bag { get; }

    public string Text { get; }

    public int Position { get; set; }

    /// <summary>Where the text that may be read ends.</summary>
    public int End { get; set; }

    /// <summary>The character here; NUL at the end.</summary>
    public char Current => Position < End ? Text[Position] : '\0';

    public bool AtLineEnd => Position >= End || Text[Position] == '\n';

    public bool AtComment => Lines.IsComment(Text, Position, End);

    /// <summary>The span of two offsets of <see cref="Text"/> in the file.</summary>
    public Span At(int start, int end) => _literal ?? Span.FromBounds(start, end);

    public void SkipBlanks() => Position = Lines.SkipBlanks(Text, Position, End);

    public bool Accept(char c)
    {
        if (Current != c || Position >= End) return false;
        Position++;
        return true;
    }

    /// <summary>Reads a name; null, and stays, where there is none.</summary>
    public NameSyntax? ReadName()
    {
        var length = Lines.NameLength(Text, Position, End);
        if (length == 0) return null;
        var name = new NameSyntax(Text.Substring(Position, length), At(Position, Position + length));
        Position += length;
        return name;
    }

    /// <summary>The next word, for a message: up to white space, a comma or a parenthesis.</summary>
    public ReadOnlySpan<char> Word()
    {
        var rest = Text.AsSpan(Position, End - Position);
        var length = rest.IndexOfAny(WordEnds);
        return length < 0 ? rest : rest[..Math.Max(1, length)];
    }
}
