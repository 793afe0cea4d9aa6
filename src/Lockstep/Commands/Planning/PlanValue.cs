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

    public required ValueIdentity Identity { get; init; }

    public ImmutableArray<FieldReference> References => references;

    /// <summary>What a hash has in its place; null where its text is in the definition or the request and may show, and so may stand for itself.</summary>
    public string? Origin => !Sensitive && Expression is VariableExpression or ParameterExpression ? null : field ??= OriginText.Of(this);

    public bool Sensitive { get; init; }

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
internal sealed record ValueProblem(string Text, Action Report)
{
    /// <summary>Said in place of a cause that may quote a sensitive argument.</summary>
    public const string LeftOut = "it can't be had; the reason may quote its argument, which is sensitive, and so is left out";
}

/// <summary>What makes a value of a plan the same as another.</summary>
internal sealed record ValueIdentity(string Name, ValueExpression Expression, string References);

/// <summary>The values of a plan, each once.</summary>
/// <param name="around">What a plan depends on.</param>
/// <param name="report">Where problems go.</param>
/// <param name="sensitive">What an earlier attempt found to be sensitive; what this one finds is added.</param>
internal sealed class PlanValueTable(PlanSurroundings around, PlanningDiagnostics report, HashSet<ValueIdentity> sensitive)
{
    private readonly Dictionary<ValueIdentity, PlanValue> _values = [];
    private readonly List<PlanValue> _used = [];
    private int _markers;

    /// <summary>The one value of this name and expression.</summary>
    public PlanValue Intern(string name, ValueExpression expression, Span span) => Intern(name, expression, span, []);

    /// <summary>The one value of this name and expression, some of whose arguments came from other values.</summary>
    public PlanValue Intern(string name, ValueExpression expression, Span span, ImmutableArray<FieldReference> references)
    {
        // Arguments may be equal by chance alone, which must not make two values one.
        var key = new ValueIdentity(name, expression, references.IsEmpty ? "" : string.Join('\n', references.Select(reference => $"{reference.Field}={reference.Origin}")));
        if (_values.TryGetValue(key, out var value)) return value;
        value = new PlanValue(name, expression, span, references)
        {
            Identity = key,
            Sensitive = expression is SecretExpression || SensitiveName.Matches(name) || sensitive.Contains(key) || references.Any(reference => reference.Sensitive)
                || (expression is EnvironmentExpression environment && SensitiveName.Matches(environment.Key)),
        };
        if (expression is VariableExpression variable) Know(value, variable.Text, ValueSource.Variable);
        _values.Add(key, value);
        return value;
    }

    /// <summary>Whether a value proved sensitive that was not known to be when it was first met: what was planned with it may show it.</summary>
    public bool FoundSensitive { get; private set; }

    /// <summary>Makes a value one that must not show, wherever it is used.</summary>
    public void Hide(PlanValue value)
    {
        if (!value.Sensitive && sensitive.Add(value.Identity)) FoundSensitive = true;
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
            {
                var hides = value.References.Any(reference => reference.Sensitive);
                var shown = hides ? ValueProblem.LeftOut : cause;
                var named = hides ? value.Name : $"@{value.Expression.Decorator}({value.Expression.Argument})";
                value.Problem = new ValueProblem(shown, () => report.ValueFailed(named, shown, resolution.Help ?? "", value.Span));
            }
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
