using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>The commands of a file, and which of them something has reached.</summary>
internal sealed class CommandTable(CommandFile file, Func<string, bool> isProgram)
{
    private readonly Dictionary<CommandHeader, CommandSymbol> _symbols = new(ReferenceEqualityComparer.Instance);
    private readonly List<CommandSymbol> _reached = [];

    /// <summary>The file's text.</summary>
    public SourceText Source => file.Source;

    /// <summary>The reached commands that are not bound yet.</summary>
    public Queue<CommandSymbol> Pending { get; } = [];

    /// <summary>The reached commands, first reached first.</summary>
    public IReadOnlyList<CommandSymbol> Reached => _reached;

    /// <summary>The command that another one may call by a name, reached by this; null for an unknown one.</summary>
    public CommandSymbol? Reach(string name) => file.Find(name) is { Kind: CommandKind.Run } header ? Reach(header) : null;

    public CommandSymbol Reach(CommandHeader header)
    {
        if (_symbols.TryGetValue(header, out var symbol)) return symbol;
        symbol = new CommandSymbol(header);
        _symbols.Add(header, symbol);
        _reached.Add(symbol);
        Pending.Enqueue(symbol);
        return symbol;
    }

    /// <summary>Whether a word that begins shell text is the name of a command, and of nothing that a shell could run.</summary>
    public bool IsCalledAsProgram(string word) => file.Find(word) is { Kind: CommandKind.Run } && !isProgram(word);

    public bool IsWatch(string name) => file.Find(name) is { Kind: CommandKind.Watch };

    /// <summary>The callable command whose name is nearest to an unknown one; null when none is near.</summary>
    public string? Nearest(string name)
        => NearestName.Of(name, file.Commands.Where(header => header.Kind is CommandKind.Run).Select(header => header.Name));
}
