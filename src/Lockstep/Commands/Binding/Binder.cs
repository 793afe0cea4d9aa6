using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>Finds the names and checks the types of a file: of what one command reaches, or of all.</summary>
internal sealed class Binder
{
    private readonly CommandFile _file;
    private readonly DiagnosticBag _bag;
    private readonly BindingDiagnostics _report;
    private readonly VariableTable _variables;
    private readonly CommandTable _commands;

    private Binder(CommandFile file, DiagnosticBag bag, Func<string, bool> isProgram)
    {
        _file = file;
        _bag = bag;
        _report = new BindingDiagnostics(file.Source, bag, isPartial: file.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error));
        _variables = new VariableTable(file.Variables);
        _commands = new CommandTable(file, isProgram);
    }

    /// <summary>Binds a command and all it reaches; usable when the bag has no errors afterwards.</summary>
    /// <param name="file">The file.</param>
    /// <param name="entry">The command.</param>
    /// <param name="bag">Gets what is wrong.</param>
    /// <param name="isProgram">Whether a shell could run something by a name; asked for names of commands only.</param>
    public static CommandSymbol Reach(CommandFile file, CommandHeader entry, DiagnosticBag bag, Func<string, bool> isProgram)
    {
        var binder = new Binder(file, bag, isProgram);
        var symbol = binder._commands.Reach(entry);
        binder.BindPending();
        binder.CheckReached();
        return symbol;
    }

    /// <summary>Binds everything there is in a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bag">Gets what is wrong.</param>
    /// <param name="isProgram">Whether a shell could run something by a name; asked for names of commands only. Null: anything may be a program.</param>
    public static void CheckAll(CommandFile file, DiagnosticBag bag, Func<string, bool>? isProgram = null)
    {
        bag.AddRange(file.Diagnostics);
        var binder = new Binder(file, bag, isProgram ?? (static _ => true));
        // Watches first: what they reach may say @debounce.
        foreach (var header in file.Commands)
            if (header.Kind is CommandKind.Watch) binder._commands.Reach(header);
        binder.BindPending();
        var watched = binder._commands.Reached.ToHashSet();
        foreach (var header in file.Commands) binder._commands.Reach(header);
        foreach (var variable in file.Variables) binder._variables.Reach(variable.Name.Text);
        binder.BindPending();
        binder.CheckReached(watched);
    }

    private void BindPending()
    {
        while (!_bag.IsFull)
        {
            if (_commands.Pending.TryDequeue(out var command))
            {
                var before = _bag.Count;
                var syntax = _file.Parse(command.Header, _bag);
                CommandBinder.Bind(command, syntax, _commands, _variables, _report, isWhole: _bag.Count == before);
            }
            else if (_variables.Pending.TryDequeue(out var variable)) BindVariable(variable);
            else return;
        }
    }

    private void BindVariable(VariableSymbol variable)
    {
        var values = new ValueBinder(new NameScope(_variables, [], variable), _report);
        if (variable.Syntax.Value is StringSyntax text && ValueBinder.LooksLikeValue(_report.Written(text.Span))) _report.ValueKeptAsText(variable.Name, text.Span);
        variable.Value = variable.Syntax.Value switch
        {
            DecoratorValueSyntax decorator => values.BindValue(decorator.Decorator),
            NameValueSyntax name => values.BindLiteralOrName(variable.Name, name),
            var literal => new BoundLiteral(literal.LiteralText()!, literal.LiteralType()!.Value, literal.Span),
        };
    }

    private void CheckReached(HashSet<CommandSymbol>? watched = null)
    {
        var reached = _commands.Reached.ToList();
        foreach (var cycle in Cycles.Of(reached, (command, at) => at < command.Calls.Count ? command.Calls[at].Target : null))
        {
            var span = cycle[^1].Calls.First(call => call.Target == cycle[0]).Span;
            _report.CommandCycle([.. cycle.Select(command => command.Name)], span);
        }
        foreach (var cycle in Cycles.Of(_variables.Reached, (variable, at) => at < variable.Uses.Count ? variable.Uses[at] : null))
            _report.VariableCycle([.. cycle.Select(variable => variable.Name)], cycle[^1].Syntax.Span);
        if (reached.Exists(command => command.HasLock))
        {
            var locks = new LockNesting(_report);
            foreach (var command in reached)
                if (command.HasLock) locks.Check(command);
        }
        var isWatch = watched is null && reached[0].Header.Kind is CommandKind.Watch;
        foreach (var command in reached)
            if (command.Debounce is { } span && !isWatch && watched?.Contains(command) is not true) _report.DebounceOutsideWatch(span);
    }
}
