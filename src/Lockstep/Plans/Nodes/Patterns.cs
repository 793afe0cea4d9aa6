using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Lockstep.Plans.Nodes;

/// <summary>A branch of a <see cref="ConditionalNode"/>.</summary>
/// <param name="Pattern">The value that chooses it; <c>default</c> is taken when no other is.</param>
/// <param name="Body">What it runs.</param>
public sealed record Branch(string Pattern, PlanNode Body);

/// <summary>What a condition came to when the plan was made.</summary>
/// <param name="CurrentValue">The variable's value; null when it is not set.</param>
/// <param name="SelectedBranch">The branch's pattern; null when none matches and there is no default.</param>
/// <param name="Reason">One sentence, such as <c>OS=linux matches pattern 'linux'</c>.</param>
public sealed record ConditionResult(string? CurrentValue, string? SelectedBranch, string Reason);

/// <summary>Runs the branch that a value chooses.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Variable">The name as written: a declared variable, else an environment variable.</param>
/// <param name="Value">The index into the plan's values of the value that decides; null when <paramref name="Variable"/> is an environment variable or this machine's.</param>
/// <param name="Branches">All branches, chosen or not, in the order written.</param>
/// <param name="Evaluation">Null while the value is known only when run.</param>
public sealed record ConditionalNode(StepId Id, string Variable, int? Value, ImmutableArray<Branch> Branches, ConditionResult? Evaluation)
    : PlanNode(Id)
{
    /// <summary>The branch that the evaluation selected, if any.</summary>
    [JsonIgnore]
    public Branch? Selected => Evaluation?.SelectedBranch is { } pattern ? Branches.First(branch => branch.Pattern == pattern) : null;

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => [.. Branches.Select(branch => branch.Body)];
}

/// <summary>Runs <paramref name="Main"/>; when it fails, <paramref name="Catch"/> decides the result; <paramref name="Finally"/> always runs.</summary>
public sealed record TryCatchNode(StepId Id, PlanNode Main, PlanNode? Catch, PlanNode? Finally) : PlanNode(Id)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children
        => [.. new[] { Main, Catch, Finally }.OfType<PlanNode>()];
}
