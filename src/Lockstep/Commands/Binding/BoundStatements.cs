using System.Collections.Immutable;
using Lockstep.Commands.Decorators;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>A statement with its names found and its arguments checked. Closed.</summary>
internal abstract record BoundStatement(Span Span);

internal sealed record BoundShell(ImmutableArray<BoundPiece> Pieces, Span Span) : BoundStatement(Span);

internal sealed record BoundLog(BoundArguments Arguments, Span Span) : BoundStatement(Span);

/// <summary>A call of another command.</summary>
/// <param name="Target">The command.</param>
/// <param name="Arguments">By its parameters; null where the parameter's default holds.</param>
/// <param name="Written">The arguments as written, in order.</param>
internal sealed record BoundCall(
    CommandSymbol Target, ImmutableArray<BoundValue?> Arguments, ImmutableArray<WrittenArgument> Written, Span Span) : BoundStatement(Span);

/// <summary>An argument of a call as the file has it.</summary>
/// <param name="Parameter">Which parameter it is for; negative where there is none.</param>
/// <param name="Name">That parameter's name.</param>
/// <param name="Text">What is written.</param>
/// <param name="IsLiteral">Whether that is the text itself, and not a name for it.</param>
internal readonly record struct WrittenArgument(int Parameter, string Name, string Text, bool IsLiteral)
{
    public string Shown(bool sensitive) => IsLiteral && sensitive ? $"{Name} = <redacted>" : Text;
}

internal sealed record BoundNeeds(ImmutableArray<BoundCall> Calls, Span Span) : BoundStatement(Span);

internal sealed record BoundBlock(BlockDecorator Decorator, BoundArguments Arguments, ImmutableArray<BoundStatement> Body, Span Span)
    : BoundStatement(Span);

/// <summary>A choice among branches.</summary>
/// <param name="Name">What decides, as written.</param>
/// <param name="Value">The variable or parameter of that name; null when the environment decides.</param>
internal sealed record BoundWhen(string Name, BoundValue? Value, ImmutableArray<BoundBranch> Branches, Span Span) : BoundStatement(Span);

internal sealed record BoundBranch(string Pattern, ImmutableArray<BoundStatement> Body);

internal sealed record BoundTry(
    ImmutableArray<BoundStatement> Main, ImmutableArray<BoundStatement>? Catch, ImmutableArray<BoundStatement>? Finally, Span Span)
    : BoundStatement(Span);

/// <summary>Links that one operator joins; links that bind tighter are chains of their own.</summary>
internal sealed record BoundChain(ChainOperator Operator, ImmutableArray<BoundStatement> Links, Span Span) : BoundStatement(Span);

/// <summary>A link whose standard output is appended to a file.</summary>
internal sealed record BoundAppend(BoundStatement Link, ImmutableArray<BoundPiece> File, Span Span) : BoundStatement(Span);
