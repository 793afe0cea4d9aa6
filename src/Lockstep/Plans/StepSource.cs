using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Nodes;

namespace Lockstep.Plans;

/// <summary>A step as it was written, its children already read. What is wrong with it throws <see cref="FormatException"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Fields">Its static parameters.</param>
/// <param name="Children">Its children.</param>
/// <param name="Branches">What each child is to it; null where nothing says so.</param>
/// <param name="Findings">What was found out when the plan was made, if anything was written.</param>
internal sealed record StepSource(
    StepId Id, FieldSource Fields, ImmutableArray<PlanNode> Children, ImmutableArray<string?> Branches, FieldSource? Findings)
{
    /// <summary>The one child.</summary>
    public PlanNode Body() => Children.Length == 1 ? Children[0] : throw Wrong("must have one child");

    /// <summary>The one child, if there is any.</summary>
    public PlanNode? OptionalBody() => Children.IsEmpty ? null : Body();

    public string BranchOf(int child) => Branches[child] ?? throw Wrong("has a child that says no \"branch\"");

    public FormatException Wrong(string what) => new($"step {Id}: {what}");
}

/// <summary>Every kind of step there is, for whoever reads one.</summary>
internal static class StepKinds
{
    /// <summary>The kinds by name.</summary>
    public static ImmutableArray<(string Name, Func<StepSource, PlanNode> Read)> All { get; } =
    [
        (ShellNode.KindName, ShellNode.Read),
        (LogNode.KindName, LogNode.Read),
        (CustomNode.KindName, CustomNode.Read),
        (CallNode.KindName, CallNode.Read),
        (NeedsNode.KindName, NeedsNode.Read),
        (SequenceNode.KindName, SequenceNode.Read),
        (ChainNode.KindName, ChainNode.Read),
        (ParallelNode.KindName, ParallelNode.Read),
        (TimeoutNode.KindName, TimeoutNode.Read),
        (RetryNode.KindName, RetryNode.Read),
        (WorkdirNode.KindName, WorkdirNode.Read),
        (EffectNode.KindName, EffectNode.Read),
        (LimitNode.KindName, LimitNode.Read),
        (EnvironmentNode.KindName, EnvironmentNode.Read),
        (ConfirmNode.KindName, ConfirmNode.Read),
        (DebounceNode.KindName, DebounceNode.Read),
        (LockNode.KindName, LockNode.Read),
        (CacheNode.KindName, CacheNode.Read),
        (ConditionalNode.KindName, ConditionalNode.Read),
        (TryCatchNode.KindName, TryCatchNode.Read),
    ];

    /// <summary>How a kind is read; null for a name that is none.</summary>
    public static Func<StepSource, PlanNode>? Find(string name)
    {
        foreach (var kind in All)
            if (kind.Name == name) return kind.Read;
        return null;
    }
}
