using System.Collections.Immutable;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands;

/// <summary>A parameter as a listing shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">Its default as written; null for a required one.</param>
internal sealed record CatalogParameter(string Name, string? Default)
{
    /// <summary>Whether it must be given.</summary>
    public bool IsRequired => Default is null;
}

/// <summary>A command as listings, help and completion show it.</summary>
/// <param name="Kind">Whether it is a command, a watch or the stop of one.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">The comment above it; null without one.</param>
/// <param name="Parameters">Its parameters, in order.</param>
/// <param name="Place">Where it is declared.</param>
internal sealed record CatalogEntry(
    CommandKind Kind, string Name, string? Description, ImmutableArray<CatalogParameter> Parameters, Place Place)
{
    /// <summary>How it is called, such as <c>deploy TAG [env=staging]</c>.</summary>
    public string Usage => Parameters.IsEmpty
        ? Name
        : $"{Name} {string.Join(' ', Parameters.Select(parameter
            => parameter.IsRequired ? parameter.Name.ToUpperInvariant() : $"[{parameter.Name}={parameter.Default}]"))}";
}

/// <summary>What a file offers, from its index alone: no command is parsed for it.</summary>
internal static class CommandCatalog
{
    /// <summary>The commands in the order of the file.</summary>
    public static ImmutableArray<CatalogEntry> Of(CommandFile file)
        => ImmutableArray.CreateRange(file.Commands, header => Entry(file.Source, header));

    private static CatalogEntry Entry(SourceText source, CommandHeader header)
    {
        var position = source.PositionAt(header.NameSpan.Start);
        var parameters = ImmutableArray.CreateRange(header.Parameters, parameter
            => new CatalogParameter(parameter.Name.Text, parameter.Default is { } value ? Written(source, value) : null));
        return new CatalogEntry(
            header.Kind, header.Name, header.Description(source), parameters, new Place(source.Path, position.Line, position.Column));
    }

    private static string Written(SourceText source, ValueSyntax value)
        => value is StringSyntax text ? text.Text : source.Slice(value.Span).ToString();
}
