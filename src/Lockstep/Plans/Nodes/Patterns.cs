using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Plans.Nodes;

/// <summary>A branch of a <see cref="ConditionalNode"/>.</summary>
/// <param name="Pattern">The value that chooses it; <c>default</c> is taken when no other is.</param>
/// <param name="Body">What it runs.</param>
public sealed record Branch(string Pattern, PlanNode Body);

/// <summary>What a condition came to when the plan was made.</summary>
/// <param name="CurrentValue">The variable's value; null when it is not set.</param>
/// <param name="SelectedBranch">The branch's pattern; null when none matches and there is no default.</param>
/// <param name="Reason">One sentence, such as <c>OS=linux matches pattern 'linux'</c>.</param>
public sealed record ConditionResult(string? CurrentValue, string? SelectedBranch, string Reason)
{
    /// <summary>Whether value and reason show as <c>&lt;redacted&gt;</c>; so they do where the plan's value is sensitive.</summary>
    public bool Sensitive { get; init; }

    /// <summary>The pattern that is taken when no other matches.</summary>
    public const string Otherwise = "default";

    /// <summary>The branch for a value.</summary>
    /// <param name="variable">The variable's name, for the reason.</param>
    /// <param name="value">Its value; null when it is not set.</param>
    /// <param name="sensitive">Whether value and reason show it as <c>&lt;redacted&gt;</c>.</param>
    /// <param name="patterns">The branches' patterns, in order.</param>
    public static ConditionResult Choose(string variable, string? value, bool sensitive, IEnumerable<string> patterns)
    {
        var known = patterns as IReadOnlyCollection<string> ?? [.. patterns];
        var shown = value is not null && sensitive ? RedactedText.Mark : value;
        var isSet = value is null ? $"{variable} is not set" : $"{variable}={shown}";
        if (value is not null && value != Otherwise && known.Contains(value)) return new(shown, value, sensitive ? $"{isSet} matches a pattern" : $"{isSet} matches pattern '{value}'");
        var missed = value is null ? isSet : $"{isSet} matches no pattern";
        return known.Contains(Otherwise)
            ? new(shown, Otherwise, $"{missed}, so the default is taken")
            : new(shown, null, $"{missed}, and there is no default");
    }
}

/// <summary>Runs the branch that a value chooses.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Variable">The name as written: a declared variable, else an environment variable.</param>
/// <param name="Value">The index into the plan's values of the value that decides; null when <paramref name="Variable"/> is an environment variable or this machine's.</param>
/// <param name="Branches">All branches, chosen or not, in the order written.</param>
/// <param name="Evaluation">Null while the value is known only when run.</param>
public sealed record ConditionalNode(StepId Id, string Variable, int? Value, ImmutableArray<Branch> Branches, ConditionResult? Evaluation)
    : PlanNode(Id)
{
    internal const string KindName = "conditional";

    /// <summary>The branch that the evaluation selected, if any.</summary>
    public Branch? Selected
    {
        get
        {
            if (Evaluation?.SelectedBranch is not { } pattern) return null;
            foreach (var branch in Branches)
                if (branch.Pattern == pattern) return branch;
            return null;
        }
    }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children
    {
        get
        {
            var bodies = ImmutableArray.CreateBuilder<PlanNode>(Branches.Length);
            foreach (var branch in Branches) bodies.Add(branch.Body);
            return bodies.MoveToImmutable();
        }
    }

    internal override void Show(StepView view)
    {
        view.Decorator("when", Ink.Cyan);
        if (Evaluation is null)
        {
            view.Fact($"{Variable} = {PlannedText.AtRuntime}");
            foreach (var branch in Branches) view.Child(branch.Body, branch.Pattern);
            return;
        }

        if (Evaluation.Sensitive || (Value is { } value && view.Values[value].Sensitive)) view.Fact(PlannedText.Redacted);
        else view.Fact($"{Variable} = {Evaluation.CurrentValue ?? "<unset>"} {view.Arrow} {Evaluation.SelectedBranch ?? "no branch, skipped"}");
        if (Selected is { } selected) view.Child(selected.Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Text("variable", Variable);
        if (Value is { } value) fields.Value("value", value);
    }

    internal override bool HasFindings => Evaluation is not null;

    internal override void Findings(FieldSink fields, Plan plan)
    {
        if (Evaluation is null) return;
        var sensitive = Evaluation.Sensitive || (Value is { } value && plan.Values[value].Sensitive);
        if (sensitive) fields.Flag("sensitive", sensitive);
        if (Evaluation.CurrentValue is { } current) fields.Text("current_value", sensitive ? PlannedText.Redacted : current);
        if (Evaluation.SelectedBranch is { } selected) fields.Text("selected_branch", selected);
        fields.Text("reason", sensitive ? PlannedText.Redacted : Evaluation.Reason);
    }

    internal override string? BranchOf(int child) => Branches[child].Pattern;

    internal override void Edges(ImmutableArray<PlanEdge>.Builder edges)
    {
        foreach (var branch in Branches) edges.Add(new(Id, branch.Body.Id, EdgeKind.Branch) { Label = branch.Pattern });
    }

    internal override PathTime TimeOver(ReadOnlySpan<PathTime> children, int cores)
    {
        if (Evaluation is null) return PathTime.Longest(children);
        for (var i = 0; i < Branches.Length; i++)
            if (Branches[i].Pattern == Evaluation.SelectedBranch) return children[i];
        return default;
    }

    internal static ConditionalNode Read(StepSource step)
    {
        var branches = ImmutableArray.CreateBuilder<Branch>(step.Children.Length);
        for (var i = 0; i < step.Children.Length; i++) branches.Add(new(step.BranchOf(i), step.Children[i]));
        return new(
            step.Id, step.Fields.Text("variable"), step.Fields.Has("value") ? step.Fields.Value("value") : null,
            branches.MoveToImmutable(), step.Findings is { } findings ? ReadResult(findings) : null);
    }

    private static ConditionResult ReadResult(FieldSource findings)
        => new(findings.OptionalText("current_value"), findings.OptionalText("selected_branch"), findings.Text("reason"))
        {
            Sensitive = findings.OptionalFlag("sensitive") ?? false,
        };
}

/// <summary>Runs <paramref name="Main"/>; when it fails, <paramref name="Catch"/> decides the result; <paramref name="Finally"/> always runs.</summary>
public sealed record TryCatchNode(StepId Id, PlanNode Main, PlanNode? Catch, PlanNode? Finally) : PlanNode(Id)
{
    internal const string KindName = "try-catch";

    private const string MainName = "main";
    private const string CatchName = "catch";
    private const string FinallyName = "finally";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children => (Catch, Finally) switch
    {
        (null, null) => [Main],
        (not null, null) => [Main, Catch],
        (null, not null) => [Main, Finally],
        _ => [Main, Catch, Finally],
    };

    internal override void Show(StepView view)
    {
        view.Decorator("try", Ink.Cyan);
        view.Child(Main, MainName);
        if (Catch is not null) view.Child(Catch, CatchName);
        if (Finally is not null) view.Child(Finally, FinallyName);
    }

    internal override void Fields(FieldSink fields) { }

    internal override string? BranchOf(int child) => child switch
    {
        0 => MainName,
        1 when Catch is not null => CatchName,
        _ => FinallyName,
    };

    internal override void Edges(ImmutableArray<PlanEdge>.Builder edges)
    {
        if (Catch is not null) edges.Add(new(Main.Id, Catch.Id, EdgeKind.OnFailure) { Label = CatchName });
        if (Finally is not null) edges.Add(new((Catch ?? Main).Id, Finally.Id, EdgeKind.Then) { Label = FinallyName });
    }

    internal override PathTime TimeOver(ReadOnlySpan<PathTime> children, int cores)
    {
        var time = children[0];
        if (Catch is not null) time = time.ThenIfBegun(children[1]);
        return Finally is null ? time : time.Then(children[^1]);
    }

    internal static TryCatchNode Read(StepSource step)
    {
        PlanNode? main = null, handler = null, last = null;
        for (var i = 0; i < step.Children.Length; i++)
        {
            switch (step.BranchOf(i))
            {
                case MainName when main is null: main = step.Children[i]; break;
                case CatchName when handler is null: handler = step.Children[i]; break;
                case FinallyName when last is null: last = step.Children[i]; break;
                default: throw step.Wrong("has a branch that is no single main, catch or finally");
            }
        }

        return new(step.Id, main ?? throw step.Wrong("has no main branch"), handler, last);
    }
}
