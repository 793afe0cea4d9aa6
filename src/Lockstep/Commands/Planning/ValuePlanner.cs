using System.Collections.Immutable;
using Lockstep.Commands.Binding;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Decorators.Values;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>One call of a command: what its parameters are.</summary>
internal sealed record CallFrame(ImmutableArray<PlanValue> Arguments)
{
    public static CallFrame None { get; } = new([]);
}

/// <summary>Turns bound values into the plan's, and bound arguments into what decorators take.</summary>
internal sealed class ValuePlanner(SourceText source, PlanValueTable table, PlanningDiagnostics report)
{
    private readonly Dictionary<VariableSymbol, PlanValue> _variables = [];
    private readonly HashSet<string>? _done = source.Text.Contains("@output(", StringComparison.Ordinal) ? [] : null;
    private int _ordinals;

    /// <summary>Makes a step one that <c>@output</c> may name from here on.</summary>
    public void Done(PlanNode step)
    {
        if (_done is null) return;
        _done.Add(step.Id.Path);
        if (step is CallNode call) _done.Add(call.Command);
    }

    /// <summary>The plan's value for a bound one.</summary>
    public PlanValue Of(BoundValue value, CallFrame frame) => value switch
    {
        BoundVariable variable => OfVariable(variable.Symbol),
        BoundParameter parameter => frame.Arguments[parameter.Index],
        BoundSource bound => OfSource(null, bound, frame),
        BoundLiteral literal => table.Intern(literal.Text, new VariableExpression(literal.Text, literal.Text), literal.Span),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType().Name),
    };

    /// <summary>The parameters of a called command.</summary>
    /// <param name="target">The command.</param>
    /// <param name="arguments">What the call gives, by parameter; null where the default holds.</param>
    /// <param name="caller">The parameters of the caller.</param>
    public CallFrame Call(CommandSymbol target, ImmutableArray<BoundValue?> arguments, CallFrame caller)
    {
        if (target.Parameters.IsEmpty) return CallFrame.None;
        var values = ImmutableArray.CreateBuilder<PlanValue>(target.Parameters.Length);
        for (var i = 0; i < target.Parameters.Length; i++)
            values.Add(arguments[i] is { } argument
                ? Parameter(target, i, argument, caller, ValueSource.Variable)
                : Default(target, i));
        return new CallFrame(values.MoveToImmutable());
    }

    /// <summary>The parameters of the command that was asked for.</summary>
    /// <param name="target">The command.</param>
    /// <param name="texts">What the command line gives, by parameter; null where the default holds.</param>
    public CallFrame Call(CommandSymbol target, ReadOnlySpan<string?> texts)
    {
        var values = ImmutableArray.CreateBuilder<PlanValue>(target.Parameters.Length);
        for (var i = 0; i < target.Parameters.Length; i++)
            values.Add(texts[i] is { } text ? Literal(target, i, text, isDefault: false, ValueSource.Input) : Default(target, i));
        return new CallFrame(values.MoveToImmutable());
    }

    /// <summary>The text of pieces, with each value numbered if the step is shown.</summary>
    public ShellTemplate Template(ImmutableArray<BoundPiece> pieces, CallFrame frame, bool shown)
    {
        var planned = ImmutableArray.CreateBuilder<TemplatePiece>(pieces.Length);
        foreach (var piece in pieces)
            planned.Add(piece switch
            {
                BoundText text => new LiteralText(text.Text),
                BoundUse use => new ValueUse(table.Use(Of(use.Value, frame), shown), use.Quoting),
                _ => throw new ArgumentOutOfRangeException(nameof(pieces), piece.GetType().Name),
            });
        return new ShellTemplate(planned.MoveToImmutable());
    }

    /// <summary>A step's arguments, which of them came from values, and what is wrong with them, which is reported if the step is shown.</summary>
    public (Arguments Arguments, ImmutableArray<FieldReference> References, string? Error) StepArguments(BoundArguments bound, CallFrame frame, bool shown)
    {
        var (arguments, problem) = Arguments(bound, frame, shown, resolve: shown);
        if (shown) problem?.Report();
        return (arguments, References(bound, frame), problem?.Text);
    }

    /// <summary>Which arguments of a decorator came from values, whatever those are.</summary>
    private ImmutableArray<FieldReference> References(BoundArguments bound, CallFrame frame)
    {
        ImmutableArray<FieldReference>.Builder? references = null;
        for (var i = 0; i < bound.Values.Length; i++)
            if (bound.Values[i] is NamedArgument named && Of(named.Value, frame) is { Origin: { } origin } value)
                (references ??= ImmutableArray.CreateBuilder<FieldReference>()).Add(new FieldReference(bound.Decorator.Parameters[i].Field, origin, value.Sensitive));
        return references is null ? [] : references.DrainToImmutable();
    }

    /// <summary>A decorator's arguments, and the first thing that is wrong with them.</summary>
    /// <param name="bound">The arguments.</param>
    /// <param name="frame">The parameters of the command they stand in.</param>
    /// <param name="shown">Whether values in their texts are numbered.</param>
    /// <param name="resolve">Whether what is not known yet is asked for; else something stands in for it.</param>
    private (Arguments Arguments, ValueProblem? Problem) Arguments(BoundArguments bound, CallFrame frame, bool shown, bool resolve)
    {
        ValueProblem? problem = null;
        var values = ImmutableArray.CreateBuilder<Argument?>(bound.Values.Length);
        for (var i = 0; i < bound.Values.Length; i++)
            values.Add(bound.Values[i] switch
            {
                null => null,
                KnownArgument known => known.Value,
                TextWithValues text => new TemplateArgument(Template(text.Pieces, frame, shown)),
                NamedArgument named => Named(bound.Decorator, bound.Decorator.Parameters[i], named, frame, shown, resolve, ref problem),
                var other => throw new ArgumentOutOfRangeException(nameof(bound), other.GetType().Name),
            });
        var entries = bound.Entries.IsEmpty ? [] : ImmutableArray.CreateRange(bound.Entries, entry => Entry(entry, frame, shown));
        return (new Arguments(bound.Decorator, values.MoveToImmutable(), entries), problem);
    }

    private EnvironmentEntry Entry(BoundEntry entry, CallFrame frame, bool shown)
    {
        var template = entry.Value switch
        {
            TextWithValues text => Template(text.Pieces, frame, shown),
            // A literal under a sensitive name becomes a value, so that it is redacted like one.
            KnownArgument { Value: TextArgument text } known when SensitiveName.Matches(entry.Key) => new ShellTemplate(
            [
                new ValueUse(table.Use(table.Intern(entry.Key, new VariableExpression(entry.Key, text.Text), known.Span), shown), Quoting.Text),
            ]),
            KnownArgument { Value: TextArgument text } => ShellTemplate.Of(text.Text),
            var other => throw new ArgumentOutOfRangeException(nameof(entry), other.GetType().Name),
        };
        return new EnvironmentEntry(entry.Key, template);
    }

    private Argument Named(
        Decorator decorator, DecoratorParameter parameter, NamedArgument named, CallFrame frame, bool shown, bool resolve, ref ValueProblem? problem)
    {
        var value = Of(named.Value, frame);
        if (value.Sensitive && decorator is BlockDecorator && parameter.Type is ParameterType.Text)
        {
            // A stored plan has no text in place of a sensitive one, so the step would have none when its run is resumed.
            if (parameter.IsCode) return new TemplateArgument(new ShellTemplate([new ValueUse(table.Use(value, shown), Quoting.Raw)]));
            problem ??= new ValueProblem("<redacted> can't stand here", () => report.SensitiveArgument(decorator.Written, parameter.Name, named.Name, named.Span));
            return ArgumentReader.StandIn(parameter);
        }
        if (!resolve && !value.Tried) return ArgumentReader.StandIn(parameter);
        if (table.Resolve(value) is not { } text)
        {
            problem ??= value.Problem ?? new ValueProblem($"{named.Name} is not known yet",
                () => report.NotKnownYet(decorator.Written, parameter.Name, named.Name, named.Span));
            return ArgumentReader.StandIn(parameter);
        }
        var (argument, wrong) = ArgumentReader.Read(parameter, text, named.Name);
        if (argument is not null) return argument;
        var shownText = value.Sensitive ? $"<redacted> is not {ArgumentReader.Noun(parameter)}" : wrong!;
        problem ??= new ValueProblem(shownText, () => report.WrongValue(decorator.Written, parameter, shownText, named.Name, named.Span));
        return ArgumentReader.StandIn(parameter);
    }

    // A variable may be set from others through any number of steps, so the ones it needs are planned first, without recursion.
    private PlanValue OfVariable(VariableSymbol symbol)
    {
        if (_variables.TryGetValue(symbol, out var value)) return value;
        var pending = new Stack<VariableSymbol>([symbol]);
        while (pending.TryPeek(out var next))
        {
            var ready = true;
            foreach (var used in next.Uses)
            {
                if (_variables.ContainsKey(used)) continue;
                pending.Push(used);
                ready = false;
            }
            if (!ready) continue;
            pending.Pop();
            if (_variables.ContainsKey(next)) continue;
            _variables.Add(next, next.Value switch
            {
                BoundLiteral literal => table.Intern(next.Name, new VariableExpression(next.Name, literal.Text), literal.Span),
                BoundVariable { Symbol: var other } => Renamed(next.Name, _variables[other]),
                BoundSource bound => OfSource(next.Name, bound, CallFrame.None),
                var other => throw new InvalidOperationException($"The variable {next.Name} holds {other?.GetType().Name ?? "nothing"}."),
            });
        }
        return _variables[symbol];
    }

    private PlanValue Renamed(string name, PlanValue original)
    {
        var value = table.Intern(name, original.Expression, original.Span, original.References);
        if (original.Sensitive) table.Hide(value);
        return value;
    }

    private PlanValue OfSource(string? name, BoundSource bound, CallFrame frame)
    {
        var (arguments, problem) = Arguments(bound.Arguments, frame, shown: false, resolve: true);
        var expression = bound.Decorator.Lower(arguments, bound.Decorator is UuidDecorator ? ++_ordinals : 0);
        if (expression is OutputExpression output && _done?.Contains(output.Step) is not true)
            problem ??= new ValueProblem($"no step before this one is called '{output.Step}'", () => report.NoEarlierStep(output.Step, bound.Span));
        var references = References(bound.Arguments, frame);
        name ??= expression switch
        {
            EnvironmentExpression environment => environment.Key,
            SecretExpression secret => secret.Key,
            // The name is hashed, so it has the variable's where what that holds is not known from the file.
            _ => $"@{expression.Decorator}({(references.IsEmpty ? expression.Argument : (bound.Arguments.Values[0] as NamedArgument)?.Name ?? expression.Argument)})",
        };
        var value = table.Intern(name, expression, bound.Span, references);
        if (problem is null) return value;
        value.Problem = problem;
        value.Tried = true;
        return value;
    }

    private PlanValue Default(CommandSymbol target, int index)
        => Parameter(target, index, target.Defaults[index]!, CallFrame.None, ValueSource.Default);

    private PlanValue Parameter(CommandSymbol target, int index, BoundValue given, CallFrame caller, ValueSource origin)
    {
        if (given is BoundLiteral literal) return Literal(target, index, literal.Text, origin is ValueSource.Default, origin);
        var value = Of(given, caller);
        if (SensitiveName.Matches(target.Parameters[index].Name.Text)) table.Hide(value);
        return value;
    }

    private PlanValue Literal(CommandSymbol target, int index, string text, bool isDefault, ValueSource origin)
    {
        var name = target.Parameters[index].Name;
        var value = table.Intern(name.Text, new ParameterExpression(name.Text, text, isDefault), name.Span);
        PlanValueTable.Know(value, text, origin);
        return value;
    }
}
