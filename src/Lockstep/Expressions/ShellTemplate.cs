using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Lockstep.Expressions;

/// <summary>Where in shell text a value stands, which decides how it is inserted so that it stays data.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Quoting>))]
public enum Quoting
{
    /// <summary>Outside quotes, also inside back-ticks and <c>$( )</c>.</summary>
    [JsonStringEnumMemberName("bare")] Bare,

    /// <summary>Inside double quotes.</summary>
    [JsonStringEnumMemberName("double")] DoubleQuoted,

    /// <summary>Inside <c>$(( ))</c>.</summary>
    [JsonStringEnumMemberName("arithmetic")] Arithmetic,

    /// <summary>By <c>@raw</c>: as code.</summary>
    [JsonStringEnumMemberName("raw")] Raw,

    /// <summary>In text that no shell reads, such as a message or a folder: as it is.</summary>
    [JsonStringEnumMemberName("text")] Text,
}

/// <summary>A piece of a <see cref="ShellTemplate"/>. Closed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "piece")]
[JsonDerivedType(typeof(LiteralText), "text")]
[JsonDerivedType(typeof(ValueUse), "value")]
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
