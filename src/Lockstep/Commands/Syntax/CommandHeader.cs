using System.Collections.Immutable;
using System.Text;
using Lockstep.Source;

namespace Lockstep.Commands.Syntax;

/// <summary>A command as the index knows it: its body is not parsed yet.</summary>
internal sealed class CommandHeader(CommandKind kind, string name, Span nameSpan, Span span, Span body)
{
    public CommandKind Kind { get; } = kind;

    public string Name { get; } = name;

    public Span NameSpan { get; } = nameSpan;

    /// <summary>The declaration, from <c>watch</c>, <c>stop</c> or the name to the body's end.</summary>
    public Span Span { get; } = span;

    /// <summary>From just past the colon to the end of the body's last line.</summary>
    public Span Body { get; } = body;

    public ImmutableArray<ParameterSyntax> Parameters { get; init; } = [];

    /// <summary>The comment lines directly above; empty without any.</summary>
    public Span Comment { get; init; }

    /// <summary>What the comment lines say, without their markers; null when there are none or they are empty.</summary>
    public string? Description(SourceText source)
    {
        if (Comment.Length == 0) return null;
        var description = new StringBuilder(Comment.Length);
        foreach (var line in source.Slice(Comment).EnumerateLines())
        {
            var text = line.Trim();
            if (text.IsEmpty) continue;
            text = text.StartsWith("//", StringComparison.Ordinal) ? text.TrimStart('/') : text.TrimStart('#');
            description.Append(description.Length == 0 ? "" : "\n").Append(text.Trim());
        }
        var whole = description.ToString().Trim('\n');
        return whole.Length == 0 ? null : whole;
    }
}
