using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Commands.Syntax;

/// <summary>A thing as it stands in a definition file, before names and types are checked.</summary>
internal abstract record SyntaxNode(Span Span);

/// <summary>A name and where it stands.</summary>
internal sealed record NameSyntax(string Text, Span Span) : SyntaxNode(Span);

/// <summary><c>var NAME = value</c>, alone or in a <c>var ( … )</c> group.</summary>
internal sealed record VariableSyntax(NameSyntax Name, ValueSyntax Value, Span Span) : SyntaxNode(Span);

internal enum CommandKind { Run, Watch, Stop }

/// <summary>A command with its body parsed.</summary>
/// <param name="Description">The comment lines directly above it, without their markers; null without any.</param>
internal sealed record CommandSyntax(
    CommandKind Kind, NameSyntax Name, ImmutableArray<ParameterSyntax> Parameters, string? Description,
    ImmutableArray<StatementSyntax> Body, Span Span) : SyntaxNode(Span);

/// <summary>A parameter; required when <paramref name="Default"/> is null.</summary>
internal sealed record ParameterSyntax(NameSyntax Name, ValueSyntax? Default, Span Span) : SyntaxNode(Span);

// Values: what may stand after `var NAME =`, as a parameter's default, or as a decorator's argument.

internal abstract record ValueSyntax(Span Span) : SyntaxNode(Span);

internal sealed record StringSyntax(string Text, Span Span) : ValueSyntax(Span)
{
    /// <summary>
    /// The text with its value decorators (<see cref="Lockstep.Expressions.Quoting.Text"/>), where they are looked for: in double quotes or
    /// back-ticks, as an argument of an action, block or pattern decorator. Elsewhere one <see cref="TextSyntax"/>, and none for empty text.
    /// </summary>
    public ImmutableArray<PieceSyntax> Pieces { get; init; } = Text.Length == 0 ? [] : [new TextSyntax(Text, Span)];
}

internal sealed record NumberSyntax(decimal Number, string Text, Span Span) : ValueSyntax(Span);

internal sealed record DurationSyntax(TimeSpan Duration, string Text, Span Span) : ValueSyntax(Span);

internal sealed record BooleanSyntax(bool Value, Span Span) : ValueSyntax(Span);

/// <summary>A bare name: a variable, a command, or a word that a decorator gives a meaning, such as <c>latest</c> in <c>@env(V, latest)</c>.</summary>
internal sealed record NameValueSyntax(string Name, Span Span) : ValueSyntax(Span);

/// <summary>A decorator where a value is wanted: right after <c>var NAME =</c>, an error inside decorator arguments.</summary>
internal sealed record DecoratorValueSyntax(DecoratorSyntax Decorator, Span Span) : ValueSyntax(Span);

/// <summary>An argument: positional, <c>key = value</c>, or <c>"pattern": "command"</c> of a one-line <c>@when</c>.</summary>
internal sealed record ArgumentSyntax(NameSyntax? Key, ValueSyntax Value, Span Span) : SyntaxNode(Span)
{
    /// <summary>Whether key and value are parted by a colon, as in <c>@when("OS", "linux": "make")</c>.</summary>
    public bool IsPattern { get; init; }
}

/// <summary><c>@name</c> with its arguments; <c>HasParentheses</c> tells <c>@name()</c> from <c>@name</c>.</summary>
internal sealed record DecoratorSyntax(NameSyntax Name, ImmutableArray<ArgumentSyntax> Arguments, bool HasParentheses, Span Span) : SyntaxNode(Span)
{
    /// <summary>Whether its arguments could not be read to their end, which is reported: what seems to be missing among them may be there.</summary>
    public bool IsBroken { get; init; }
}

// Statements: what a body or a block holds.

internal abstract record StatementSyntax(Span Span) : SyntaxNode(Span);

/// <summary>Shell text with value decorators in it; no action decorator.</summary>
internal sealed record ShellSyntax(ImmutableArray<PieceSyntax> Pieces, Span Span) : StatementSyntax(Span);

/// <summary>A block decorator with its statements.</summary>
internal sealed record BlockSyntax(DecoratorSyntax Decorator, ImmutableArray<StatementSyntax> Body, Span Span) : StatementSyntax(Span);

/// <summary><c>@when</c> or <c>@try</c> with its branches; the one-line <c>@when(…, "linux": "make")</c> has branches made from its arguments.</summary>
internal sealed record PatternSyntax(DecoratorSyntax Decorator, ImmutableArray<BranchSyntax> Branches, Span Span) : StatementSyntax(Span);

/// <summary>A branch; <c>default</c>, <c>main</c>, <c>catch</c> and <c>finally</c> are names like any other here.</summary>
internal sealed record BranchSyntax(NameSyntax Name, ImmutableArray<StatementSyntax> Body, Span Span) : SyntaxNode(Span);

/// <summary>One action decorator alone: <c>@cmd(build)</c>, <c>@log("…")</c>, <c>@needs(a, b)</c>.</summary>
internal sealed record ActionSyntax(DecoratorSyntax Decorator, Span Span) : StatementSyntax(Span);

internal enum ChainSymbol { And, Or, Pipe, Append }

/// <summary>A chain with an action decorator in it, flat as written; the planner gives it the shell's precedence.</summary>
/// <param name="Links">The links: <see cref="ShellSyntax"/> or <see cref="ActionSyntax"/>.</param>
/// <param name="Symbols">One fewer than the links: what stands between them. After <see cref="ChainSymbol.Append"/> the link is the file's name.</param>
internal sealed record ChainSyntax(ImmutableArray<StatementSyntax> Links, ImmutableArray<ChainSymbol> Symbols, Span Span) : StatementSyntax(Span);

// Pieces of shell text.

internal abstract record PieceSyntax(Span Span) : SyntaxNode(Span);

/// <summary>Text as the shell gets it: escapes of line ends joined, <c>\@</c> already <c>@</c>.</summary>
internal sealed record TextSyntax(string Text, Span Span) : PieceSyntax(Span);

/// <summary>A value decorator, or <c>@raw(NAME)</c>, in shell text.</summary>
internal sealed record ValueUseSyntax(DecoratorSyntax Decorator, Quoting Quoting, Span Span) : PieceSyntax(Span);
