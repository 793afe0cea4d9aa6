using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Plans;

/// <summary>A step of a plan: inert data. A kind is a type, and this list is all of them.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ShellNode), "shell")]
[JsonDerivedType(typeof(LogNode), "log")]
[JsonDerivedType(typeof(CallNode), "call")]
[JsonDerivedType(typeof(NeedsNode), "needs")]
[JsonDerivedType(typeof(SequenceNode), "sequence")]
[JsonDerivedType(typeof(ChainNode), "chain")]
[JsonDerivedType(typeof(ParallelNode), "parallel")]
[JsonDerivedType(typeof(TimeoutNode), "timeout")]
[JsonDerivedType(typeof(RetryNode), "retry")]
[JsonDerivedType(typeof(WorkdirNode), "workdir")]
[JsonDerivedType(typeof(EnvironmentNode), "environment")]
[JsonDerivedType(typeof(ConfirmNode), "confirm")]
[JsonDerivedType(typeof(DebounceNode), "debounce")]
[JsonDerivedType(typeof(LockNode), "lock")]
[JsonDerivedType(typeof(CacheNode), "cache")]
[JsonDerivedType(typeof(ConditionalNode), "conditional")]
[JsonDerivedType(typeof(TryCatchNode), "try-catch")]
public abstract record PlanNode
{
    private protected PlanNode(StepId id) => Id = id;

    /// <summary>Its stable id.</summary>
    public StepId Id { get; init; }

    /// <summary>Where it stands in its definition file.</summary>
    public Place? Place { get; init; }

    /// <summary>What is wrong with its description, when it could not be built; such a plan can be shown and not run.</summary>
    public string? Error { get; init; }

    /// <summary>The steps inside it, in the order they show; every branch, chosen or not.</summary>
    [JsonIgnore]
    public abstract ImmutableArray<PlanNode> Children { get; }
}
