using System.Collections.Immutable;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>A variable of a file; bound when something reaches it.</summary>
internal sealed class VariableSymbol(VariableSyntax syntax)
{
    public string Name => syntax.Name.Text;

    public VariableSyntax Syntax => syntax;

    public LiteralType? Type => syntax.Value.LiteralType();

    /// <summary>What it holds; null until it is bound, and for one that could not be.</summary>
    public BoundValue? Value { get; set; }

    /// <summary>The variables that its value uses.</summary>
    public List<VariableSymbol> Uses { get; } = [];
}

/// <summary>A command of a file; bound when something reaches it.</summary>
internal sealed class CommandSymbol(CommandHeader header)
{
    public string Name => header.Name;

    public CommandHeader Header => header;

    public ImmutableArray<ParameterSyntax> Parameters => header.Parameters;

    /// <summary>The defaults of its parameters; null for a required one.</summary>
    public ImmutableArray<BoundValue?> Defaults { get; set; } = [];

    public ImmutableArray<BoundStatement> Body { get; set; } = [];

    /// <summary>The commands it calls or needs, and where.</summary>
    public List<(CommandSymbol Target, Span Span)> Calls { get; } = [];

    /// <summary>Whether it says <c>@lock</c> anywhere.</summary>
    public bool HasLock { get; set; }

    /// <summary>Where it first says <c>@debounce</c>; null where it does not.</summary>
    public Span? Debounce { get; set; }
}
