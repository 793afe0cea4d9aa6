using System.Collections.Immutable;
using Lockstep.Commands.Binding.Habits;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Decorators.Actions;
using Lockstep.Commands.Decorators.Blocks;
using Lockstep.Commands.Decorators.Patterns;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>Binds one command: its parameters' defaults and its statements.</summary>
internal sealed class CommandBinder
{
    private readonly CommandSymbol _command;
    private readonly SourceText _source;
    private readonly CommandTable _commands;
    private readonly BindingDiagnostics _report;
    private readonly NameScope _names;
    private readonly ValueBinder _values;
    private readonly bool _isWhole;

    private CommandBinder(
        SourceText source, CommandSymbol command, CommandTable commands, VariableTable variables, BindingDiagnostics report, bool isWhole)
    {
        _command = command;
        _source = source;
        _commands = commands;
        _report = report;
        _names = new NameScope(variables, command.Parameters, null);
        _values = new ValueBinder(_names, report);
        _isWhole = isWhole;
    }

    /// <summary>Fills in what the command's symbol is to know.</summary>
    /// <param name="command">The command.</param>
    /// <param name="syntax">What was read of it.</param>
    /// <param name="commands">The file's commands.</param>
    /// <param name="variables">The file's variables.</param>
    /// <param name="report">Gets what is wrong.</param>
    /// <param name="isWhole">Whether all of it could be read; if not, branches that seem missing may only be unreadable.</param>
    public static void Bind(
        CommandSymbol command, CommandSyntax syntax, CommandTable commands, VariableTable variables, BindingDiagnostics report, bool isWhole)
    {
        var binder = new CommandBinder(commands.Source, command, commands, variables, report, isWhole);
        command.Defaults = binder.BindDefaults(variables);
        command.Body = binder.BindBody(syntax.Body);
    }

    private ImmutableArray<BoundValue?> BindDefaults(VariableTable variables)
    {
        if (_command.Parameters.IsEmpty) return [];
        // A default sees the file's variables, and not the other parameters: arguments have no order of evaluation.
        var values = new ValueBinder(new NameScope(variables, [], null), _report);
        var defaults = ImmutableArray.CreateBuilder<BoundValue?>(_command.Parameters.Length);
        foreach (var parameter in _command.Parameters)
            defaults.Add(parameter.Default switch
            {
                null => null,
                DecoratorValueSyntax decorator => values.BindValue(decorator.Decorator),
                var value => values.BindLiteralOrName(_command.Name, value),
            });
        return defaults.MoveToImmutable();
    }

    private ImmutableArray<BoundStatement> BindBody(ImmutableArray<StatementSyntax> statements)
    {
        var body = ImmutableArray.CreateBuilder<BoundStatement>(statements.Length);
        foreach (var statement in statements)
        {
            if (_report.IsFull) break;
            if (Bind(statement) is not { } bound) continue;
            body.Add(bound);
            if (statement is ShellSyntax shell && statement != statements[^1] && ShellState.ChangedBy(_source.Slice(shell.Span)) is { Length: > 0 } word)
                _report.ChangesOnlyItsShell(word.ToString(), shell.Span);
        }
        return body.DrainToImmutable();
    }

    private BoundStatement? Bind(StatementSyntax statement) => statement switch
    {
        ShellSyntax shell => BindShell(shell),
        BlockSyntax block => BindBlock(block),
        PatternSyntax pattern => BindPattern(pattern),
        ActionSyntax action => BindAction(action.Decorator, action.Span),
        ChainSyntax chain => BindChain(chain),
        _ => throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType().Name),
    };

    private BoundBlock? BindBlock(BlockSyntax block)
    {
        var body = BindBody(block.Body);
        if (Decorators.Decorators.Find(block.Decorator.Name.Text) is not BlockDecorator decorator) return null;
        if (decorator is DebounceDecorator) _command.Debounce ??= block.Decorator.Span;
        _command.HasLock |= decorator is LockDecorator;
        var arguments = _values.BindArguments(decorator, block.Decorator);
        if (decorator is EffectDecorator) RefuseVerify(arguments);
        return new BoundBlock(decorator, arguments, body, block.Span);
    }

    private void RefuseVerify(BoundArguments arguments)
    {
        if (arguments.Values is [KnownArgument { Value: TextArgument { Text: not "once" and var effect } }, { } verify]) _report.UselessVerify(effect, verify.Span);
    }

    private BoundShell BindShell(ShellSyntax shell)
    {
        var written = _source.Slice(shell.Span);
        if (written.Length > 1 && !written.ContainsAny('\n', '\0')) ShellHabits.Check(written, shell.Span, _command.Name, _names, _commands, _report);
        return new BoundShell(_values.BindPieces(shell.Pieces), shell.Span);
    }

    private BoundStatement? BindPattern(PatternSyntax pattern) => Decorators.Decorators.Find(pattern.Decorator.Name.Text) switch
    {
        WhenDecorator choice => BindWhen(choice, pattern),
        TryDecorator @try => BindTry(@try, pattern),
        _ => null,
    };

    private BoundWhen BindWhen(WhenDecorator decorator, PatternSyntax pattern)
    {
        var matcher = new ArgumentMatcher("@when", [new Formal("name", null, true)], Surplus.None);
        if (!pattern.Decorator.IsBroken) matcher.Match(pattern.Decorator.Arguments.Where(argument => !argument.IsPattern), pattern.Decorator.Span, _report);
        if (pattern.Branches.IsEmpty && _isWhole) _report.NoBranches(pattern.Decorator.Span);
        RefuseDuplicates("@when", pattern);
        var branches = ImmutableArray.CreateBuilder<BoundBranch>(pattern.Branches.Length);
        foreach (var branch in pattern.Branches) branches.Add(new BoundBranch(branch.Name.Text, BindBody(branch.Body)));
        var (name, value) = BindSubject(decorator, matcher.ByParameter[0]?.Value);
        return new BoundWhen(name, value, branches.MoveToImmutable(), pattern.Span);
    }

    private (string Name, BoundValue? Value) BindSubject(WhenDecorator decorator, ValueSyntax? subject)
    {
        switch (subject)
        {
            case NameValueSyntax name:
                return (name.Name, _names.Find(name.Name, name.Span));
            case StringSyntax text:
                return (text.Text, null);
            case DecoratorValueSyntax nested:
                _report.NestedDecorator("@when", nested.Span, ValueBinder.ReferencedName(nested.Decorator));
                return ("", null);
            case not null:
                _report.NotAName("@when", decorator.Parameters[0], subject.Span);
                return ("", null);
            default:
                return ("", null);
        }
    }

    private BoundTry BindTry(TryDecorator decorator, PatternSyntax pattern)
    {
        _values.BindArguments(decorator, pattern.Decorator);
        RefuseDuplicates("@try", pattern);
        ImmutableArray<BoundStatement>? main = null, @catch = null, @finally = null;
        var unknown = false;
        foreach (var branch in pattern.Branches)
        {
            var body = BindBody(branch.Body);
            switch (branch.Name.Text)
            {
                case TryDecorator.Main: main = body; break;
                case TryDecorator.Catch: @catch = body; break;
                case TryDecorator.Finally: @finally = body; break;
                default:
                    _report.UnknownTryBranch(branch.Name.Text, branch.Name.Span);
                    unknown = true;
                    break;
            }
        }
        if (main is null && _isWhole) _report.NoMain(pattern.Decorator.Span);
        else if (@catch is null && @finally is null && !unknown && _isWhole) _report.NothingToTry(pattern.Decorator.Span);
        return new BoundTry(main ?? [], @catch, @finally, pattern.Span);
    }

    private void RefuseDuplicates(string owner, PatternSyntax pattern)
    {
        var first = new Dictionary<string, Span>();
        foreach (var branch in pattern.Branches)
            if (!first.TryAdd(branch.Name.Text, branch.Name.Span))
                _report.DuplicateBranch(owner, branch.Name.Text, branch.Name.Span, first[branch.Name.Text]);
    }

    private BoundStatement? BindAction(DecoratorSyntax syntax, Span span) => Decorators.Decorators.Find(syntax.Name.Text) switch
    {
        LogDecorator log => new BoundLog(_values.BindArguments(log, syntax), span),
        CmdDecorator cmd => BindCall(cmd, syntax, span),
        NeedsDecorator needs => BindNeeds(needs, syntax, span),
        _ => null,
    };

    private BoundCall? BindCall(CmdDecorator decorator, DecoratorSyntax syntax, Span span)
    {
        if (syntax.IsBroken) return null;
        if (syntax.Arguments is not [{ Key: null or { Text: "name" }, IsPattern: false } first, ..])
        {
            _report.MissingArgument("@cmd", "name", syntax.Span);
            return null;
        }
        if (FindCommand(decorator, first.Value) is not { } target) return null;
        if (target.Parameters.IsEmpty && syntax.Arguments.Length == 1) return new BoundCall(target, [], [], span);
        var formals = target.Parameters.Select(parameter => new Formal(parameter.Name.Text, null, parameter.Default is null)).ToArray();
        var matcher = new ArgumentMatcher(target.Name, formals, Surplus.None);
        matcher.Match(syntax.Arguments.Skip(1), syntax.Span, _report);
        var arguments = ImmutableArray.CreateBuilder<BoundValue?>(formals.Length);
        for (var i = 0; i < formals.Length; i++)
            arguments.Add(matcher.ByParameter[i] is { } argument ? BindCallArgument(target, target.Parameters[i], argument.Value) : null);
        return new BoundCall(target, arguments.MoveToImmutable(), Written(formals, syntax.Arguments), span);
    }

    private ImmutableArray<WrittenArgument> Written(Formal[] formals, ImmutableArray<ArgumentSyntax> arguments)
    {
        var written = ImmutableArray.CreateBuilder<WrittenArgument>(arguments.Length - 1);
        for (var i = 1; i < arguments.Length; i++)
        {
            var name = arguments[i].Key?.Text ?? (i <= formals.Length ? formals[i - 1].Name : "");
            var index = Array.FindIndex(formals, formal => formal.Name == name);
            written.Add(new(index, name, _source.Slice(arguments[i].Span).ToString(), IsLiteral: arguments[i].Value is not NameValueSyntax));
        }
        return written.MoveToImmutable();
    }

    private BoundValue? BindCallArgument(CommandSymbol target, ParameterSyntax parameter, ValueSyntax value)
    {
        var bound = _values.BindLiteralOrName(target.Name, value);
        if (bound?.Type is not { } given || parameter.Default?.LiteralType() is not { } wanted) return bound;
        var fits = wanted is LiteralType.Text || given == wanted || (wanted is LiteralType.Duration && bound is BoundLiteral literal
            && HumanDuration.TryParse(literal.Text, out _));
        if (!fits) _report.WrongArgumentType(target.Name, parameter.Name.Text, wanted, $"this is {given.Noun()}", value.Span);
        return bound;
    }

    private BoundNeeds? BindNeeds(NeedsDecorator decorator, DecoratorSyntax syntax, Span span)
    {
        if (syntax.IsBroken) return null;
        var matcher = new ArgumentMatcher("@needs", [], Surplus.Positional);
        matcher.Match(syntax.Arguments, syntax.Span, _report);
        if (syntax.Arguments.IsEmpty) _report.MissingArgument("@needs", "names", syntax.Span);
        var calls = ImmutableArray.CreateBuilder<BoundCall>(matcher.Rest.Count);
        foreach (var argument in matcher.Rest)
        {
            if (FindCommand(decorator, argument.Value) is not { } target) continue;
            if (target.Parameters.FirstOrDefault(parameter => parameter.Default is null) is { } required)
                _report.NeedsArguments(target.Name, required.Name.Text, argument.Span);
            calls.Add(new BoundCall(target, [.. target.Parameters.Select(_ => (BoundValue?)null)], [], argument.Span));
        }
        return new BoundNeeds(calls.DrainToImmutable(), span);
    }

    private CommandSymbol? FindCommand(Decorator decorator, ValueSyntax value)
    {
        if (value is DecoratorValueSyntax nested)
        {
            _report.NestedDecorator(decorator.Written, nested.Span, ValueBinder.ReferencedName(nested.Decorator));
            return null;
        }
        var name = (value as NameValueSyntax)?.Name ?? (value as StringSyntax)?.Text;
        if (name is null)
        {
            _report.NotAName(decorator.Written, decorator.Parameters[0], value.Span);
            return null;
        }
        if (_commands.Reach(name) is not { } target)
        {
            if (_commands.IsWatch(name)) _report.CallOfWatch(name, value.Span);
            else _report.UnknownCommand(name, _commands.Nearest(name), value.Span);
            return null;
        }
        _command.Calls.Add((target, value.Span));
        return target;
    }

    private BoundStatement? BindChain(ChainSyntax chain)
    {
        var links = new BoundStatement?[chain.Links.Length];
        var complete = true;
        for (var i = 0; i < links.Length; i++)
        {
            links[i] = Bind(chain.Links[i]);
            complete &= links[i] is not null;
        }
        return complete
            ? ChainBinder.Bind(chain, links, link => links[link] is BoundShell file ? file.Pieces : [])
            : null;
    }
}
