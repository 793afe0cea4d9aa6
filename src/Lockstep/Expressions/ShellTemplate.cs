using System.Collections.Immutable;

namespace Lockstep.Expressions;

/// <summary>Where in shell text a value stands, which decides how it is inserted so that it stays data.</summary>
public enum Quoting
{
    /// <summary>Outside quotes, also inside back-ticks and <c>$( )</c>.</summary>
    Bare,

    /// <summary>Inside double quotes.</summary>
    DoubleQuoted,

    /// <summary>Inside <c>$(( ))</c>.</summary>
    Arithmetic,

    /// <summary>By <c>@raw</c>: as code.</summary>
    Raw,

    /// <summary>In text that no shell reads, such as a message or a folder: as it is.</summary>
    Text,
}

internal static class Quotings
{
    public static string Word(this Quoting quoting) => quoting switch
    {
        Quoting.Bare => "bare",
        Quoting.DoubleQuoted => "double",
        Quoting.Arithmetic => "arithmetic",
        Quoting.Raw => "raw",
        Quoting.Text => "text",
        _ => throw new ArgumentOutOfRangeException(nameof(quoting)),
    };

    public static Quoting? Parse(string word) => word switch
    {
        "bare" => Quoting.Bare,
        "double" => Quoting.DoubleQuoted,
        "arithmetic" => Quoting.Arithmetic,
        "raw" => Quoting.Raw,
        "text" => Quoting.Text,
        _ => null,
    };
}

/// <summary>A piece of a <see cref="ShellTemplate"/>. Closed.</summary>
public abstract record TemplatePiece
{
    private protected TemplatePiece() { }
}

/// <summary>Text as written, with <c>\@</c> already turned into <c>@</c>.</summary>
public sealed record LiteralText(string Text) : TemplatePiece;

/// <summary>A value's place in the text.</summary>
/// <param name="Value">The index into the plan's values.</param>
/// <param name="Quoting">How it is inserted.</param>
public sealed record ValueUse(int Value, Quoting Quoting) : TemplatePiece;

/// <summary>Text with values in it, before they are inserted.</summary>
public sealed record ShellTemplate(ImmutableArray<TemplatePiece> Pieces)
{
    /// <summary>Whether nothing stands in it.</summary>
    public bool IsEmpty => Pieces is [] or [LiteralText { Text: "" }];

    /// <summary>Text that holds no value.</summary>
    public static ShellTemplate Of(string text) => new([new LiteralText(text)]);

    /// <inheritdoc/>
    public bool Equals(ShellTemplate? other) => other is not null && Pieces.AsSpan().SequenceEqual(other.Pieces.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var piece in Pieces) hash.Add(piece);
        return hash.ToHashCode();
    }
}
