using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>A value while a plan is made.</summary>
/// <param name="name">What the mapping shows.</param>
/// <param name="expression">How it is come by.</param>
/// <param name="span">Where it is set: what an error points at.</param>
/// <param name="references">Which of the expression's arguments came from other values.</param>
internal sealed class PlanValue(string name, ValueExpression expression, Span span, ImmutableArray<FieldReference> references)
{
    public string Name => name;

    public ValueExpression Expression => expression;

    public Span Span => span;

    public ImmutableArray<FieldReference> References => references;

    /// <summary>What a hash has in its place; null where its text is in the definition or the request, and so may stand for itself.</summary>
    public string? Origin => field ??= Expression is VariableExpression or ParameterExpression ? null : OriginText.Of(this);

    public bool Sensitive { get; set; }

    public ResolvedValue? Resolved { get; set; }

    /// <summary>Why it can't be had; null when it can, or when that is not known yet.</summary>
    public ValueProblem? Problem { get; set; }

    /// <summary>Whether resolving it was tried, with whatever result.</summary>
    public bool Tried { get; set; }

    /// <summary>Its place among the plan's values; null until a step uses it.</summary>
    public int? Index { get; set; }

    /// <summary>The number shown beside it; 0 until a shown step uses it.</summary>
    public int Marker { get; set; }
}

/// <summary>Why a value or an argument can't be had.</summary>
/// <param name="Text">What a plan shows in its place.</param>
/// <param name="Report">Tells the author; only done where a shown step uses it, as a branch that was not chosen may lack what it needs.</param>
internal sealed record ValueProblem(string Text, Action Report);

/// <summary>The values of a plan, each once.</summary>
internal sealed class PlanValueTable(PlanSurroundings around, PlanningDiagnostics report)
{
    private readonly Dictionary<(string Name, ValueExpression Expression, string References), PlanValue> _values = [];
    private readonly List<PlanValue> _used = [];
    private int _markers;

    /// <summary>The one value of this name and expression.</summary>
    public PlanValue Intern(string name, ValueExpression expression, Span span) => Intern(name, expression, span, []);

    /// <summary>The one value of this name and expression, some of whose arguments came from other values.</summary>
    public PlanValue Intern(string name, ValueExpression expression, Span span, ImmutableArray<FieldReference> references)
    {
        // Arguments may be equal by chance alone, which must not make two values one.
        var key = (name, expression, references.IsEmpty ? "" : string.Join('\n', references.Select(reference => $"{reference.Field}={reference.Origin}")));
        if (_values.TryGetValue(key, out var value)) return value;
        value = new PlanValue(name, expression, span, references)
        {
            Sensitive = expression is SecretExpression || SensitiveName.Matches(name)
                || (expression is EnvironmentExpression environment && SensitiveName.Matches(environment.Key)),
        };
        if (expression is VariableExpression variable) Know(value, variable.Text, ValueSource.Variable);
        _values.Add(key, value);
        return value;
    }

    /// <summary>Sets a value that needs no resolving.</summary>
    public static void Know(PlanValue value, string text, ValueSource source)
    {
        value.Resolved ??= new ResolvedValue(text, source);
        value.Tried = true;
    }

    /// <summary>The index of a value that a step uses; a shown step also numbers and resolves it.</summary>
    public int Use(PlanValue value, bool shown)
    {
        if (value.Index is null)
        {
            value.Index = _used.Count;
            _used.Add(value);
        }
        if (shown)
        {
            if (value.Marker == 0) value.Marker = ++_markers;
            Resolve(value);
            value.Problem?.Report();
        }
        return value.Index.Value;
    }

    /// <summary>The text of a value; null while it can't be known. A problem is kept, not reported.</summary>
    public string? Resolve(PlanValue value)
    {
        if (!value.Tried)
        {
            value.Tried = true;
            var resolution = around.Resolve(value.Expression);
            value.Resolved = resolution.Value;
            if (resolution.Cause is { } cause)
                value.Problem = new ValueProblem(cause, () => report.ValueFailed(
                    $"@{value.Expression.Decorator}({value.Expression.Argument})", cause, resolution.Help ?? "", value.Span));
        }
        return value.Resolved?.Text;
    }

    /// <summary>All that steps use, by index.</summary>
    public ImmutableArray<PlannedValue> ToPlanned()
    {
        foreach (var value in _used)
            if (value.Marker == 0) value.Marker = ++_markers;
        return
        [
            .. _used.Select(value => new PlannedValue(value.Marker, value.Name, value.Expression, value.Resolved, Sensitive: value.Sensitive)
            {
                Error = value.Problem?.Text,
                References = value.References,
            }),
        ];
    }
}
