using System.Collections.Immutable;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>The names that may be used where something is bound: a command's parameters before the file's variables.</summary>
/// <param name="variables">The file's variables.</param>
/// <param name="parameters">The parameters of the command that is bound; none for a variable.</param>
/// <param name="user">The variable that is bound; null for a command.</param>
internal sealed class NameScope(VariableTable variables, ImmutableArray<ParameterSyntax> parameters, VariableSymbol? user)
{
    /// <summary>What a name stands for; null for an unknown one.</summary>
    public BoundValue? Find(string name, Span span)
    {
        for (var i = 0; i < parameters.Length; i++)
            if (parameters[i].Name.Text == name) return new BoundParameter(i, parameters[i], span);
        if (variables.Reach(name) is not { } symbol) return null;
        user?.Uses.Add(symbol);
        return new BoundVariable(symbol, span);
    }

    /// <summary>Whether a name is known, which is no use of it.</summary>
    public bool Has(string name)
    {
        foreach (var parameter in parameters)
            if (parameter.Name.Text == name) return true;
        return variables.Has(name);
    }

    /// <summary>The known name nearest to an unknown one; null when none is near.</summary>
    public string? Nearest(string name)
        => NearestName.Of(name, parameters.Select(parameter => parameter.Name.Text).Concat(variables.Names));
}

/// <summary>The variables of a file, and which of them something has reached.</summary>
internal sealed class VariableTable(ImmutableArray<VariableSyntax> declared)
{
    private readonly Dictionary<string, VariableSymbol> _symbols = [];
    private Dictionary<string, VariableSyntax>? _byName;

    /// <summary>The names of all.</summary>
    public IEnumerable<string> Names => declared.Select(variable => variable.Name.Text);

    /// <summary>The reached variables that are not bound yet.</summary>
    public Queue<VariableSymbol> Pending { get; } = [];

    /// <summary>The reached variables.</summary>
    public IEnumerable<VariableSymbol> Reached => _symbols.Values;

    /// <summary>The variable of a name, reached by this; null for an unknown one.</summary>
    public VariableSymbol? Reach(string name)
    {
        if (_symbols.TryGetValue(name, out var symbol)) return symbol;
        _byName ??= ByName();
        if (!_byName.TryGetValue(name, out var syntax)) return null;
        symbol = new VariableSymbol(syntax);
        _symbols.Add(name, symbol);
        Pending.Enqueue(symbol);
        return symbol;
    }

    public bool Has(string name) => (_byName ??= ByName()).ContainsKey(name);

    private Dictionary<string, VariableSyntax> ByName()
    {
        var byName = new Dictionary<string, VariableSyntax>(declared.Length);
        foreach (var variable in declared) byName.TryAdd(variable.Name.Text, variable);
        return byName;
    }
}
