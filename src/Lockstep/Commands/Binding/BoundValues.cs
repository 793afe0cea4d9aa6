using System.Collections.Immutable;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Syntax;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>What a literal is.</summary>
internal enum LiteralType { Text, Number, Duration, Boolean }

/// <summary>A value that text or an argument uses, with its names found. Closed.</summary>
internal abstract record BoundValue(Span Span)
{
    /// <summary>What it is known to hold; null while that is decided by whoever sets it.</summary>
    public abstract LiteralType? Type { get; }
}

/// <summary>A literal.</summary>
/// <param name="Text">Its text as inserted.</param>
internal sealed record BoundLiteral(string Text, LiteralType Literal, Span Span) : BoundValue(Span)
{
    public override LiteralType? Type => Literal;
}

/// <summary>A variable of the file.</summary>
internal sealed record BoundVariable(VariableSymbol Symbol, Span Span) : BoundValue(Span)
{
    public override LiteralType? Type => Symbol.Type;
}

/// <summary>A parameter of the command it stands in.</summary>
internal sealed record BoundParameter(int Index, ParameterSyntax Syntax, Span Span) : BoundValue(Span)
{
    // A string parameter takes any argument, so that its text is looked at when it is known.
    public override LiteralType? Type => Syntax.Default is { } value && value.LiteralType() is not LiteralType.Text and var type ? type : null;
}

/// <summary>A value decorator that says how its value is come by.</summary>
internal sealed record BoundSource(SourceDecorator Decorator, BoundArguments Arguments, Span Span) : BoundValue(Span)
{
    public override LiteralType? Type => null;
}

/// <summary>A piece of text: literal, or a value's place.</summary>
internal abstract record BoundPiece;

internal sealed record BoundText(string Text) : BoundPiece;

internal sealed record BoundUse(BoundValue Value, Quoting Quoting) : BoundPiece;

/// <summary>An argument that was checked as far as its value is known. Closed.</summary>
internal abstract record BoundArgument(Span Span);

/// <summary>An argument known when the file is read.</summary>
internal sealed record KnownArgument(Argument Value, Span Span) : BoundArgument(Span);

/// <summary>An argument that a variable or parameter gives.</summary>
/// <param name="Name">The name as written.</param>
internal sealed record NamedArgument(BoundValue Value, string Name, Span Span) : BoundArgument(Span);

/// <summary>Text with values in it.</summary>
internal sealed record TextWithValues(ImmutableArray<BoundPiece> Pieces, Span Span) : BoundArgument(Span);

/// <summary><c>KEY = value</c> of <c>@with</c>.</summary>
internal sealed record BoundEntry(string Key, BoundArgument Value);

/// <summary>A decorator's arguments by parameter, null where none was written.</summary>
internal sealed record BoundArguments(
    Decorator Decorator, ImmutableArray<BoundArgument?> Values, ImmutableArray<BoundEntry> Entries, Span Span);

/// <summary>What may be said about literals before anything is bound.</summary>
internal static class Literals
{
    /// <summary>What a value written in the file holds; null when it is no literal.</summary>
    public static LiteralType? LiteralType(this ValueSyntax value) => value switch
    {
        StringSyntax => Binding.LiteralType.Text,
        NumberSyntax => Binding.LiteralType.Number,
        DurationSyntax => Binding.LiteralType.Duration,
        BooleanSyntax => Binding.LiteralType.Boolean,
        _ => null,
    };

    /// <summary>A literal's text as inserted; null when it is no literal.</summary>
    public static string? LiteralText(this ValueSyntax value) => value switch
    {
        StringSyntax text => string.Concat(text.Pieces.OfType<TextSyntax>().Select(piece => piece.Text)),
        NumberSyntax number => number.Text,
        DurationSyntax duration => duration.Text,
        BooleanSyntax boolean => boolean.Value ? "true" : "false",
        _ => null,
    };

    /// <summary>How a type is called in a message.</summary>
    public static string Noun(this LiteralType type) => type switch
    {
        Binding.LiteralType.Text => "a string",
        Binding.LiteralType.Number => "a number",
        Binding.LiteralType.Duration => "a duration",
        Binding.LiteralType.Boolean => "a boolean",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
