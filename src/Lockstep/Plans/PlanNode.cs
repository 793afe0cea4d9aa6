using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Plans;

/// <summary>A step of a plan: inert data. A kind is a type; <see cref="StepKinds"/> lists all of them. Closed.</summary>
public abstract record PlanNode
{
    private protected PlanNode(StepId id) => Id = id;

    /// <summary>Its stable id.</summary>
    public StepId Id { get; init; }

    /// <summary>Where it stands in its definition file.</summary>
    public Place? Place { get; init; }

    /// <summary>What is wrong with its description, when it could not be built; such a plan can be shown and not run.</summary>
    public string? Error { get; init; }

    /// <summary>Which of its static parameters came from values: they are hashed by that, so what was resolved is in no hash.</summary>
    public ImmutableArray<FieldReference> References { get; init; } = [];

    /// <summary>Its kind's name, the same in JSON, summaries and the hash: <c>shell</c>, <c>try-catch</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The steps inside it, in the order they show; every branch, chosen or not.</summary>
    public abstract ImmutableArray<PlanNode> Children { get; }

    /// <summary>Its line, and which of its children stand below it.</summary>
    internal abstract void Show(StepView view);

    /// <summary>Its static parameters: what is hashed and written besides kind and children.</summary>
    internal abstract void Fields(FieldSink fields);

    /// <summary>Whether anything was found out when the plan was made.</summary>
    internal virtual bool HasFindings => false;

    /// <summary>What was found out when the plan was made: written, and never hashed.</summary>
    internal virtual void Findings(FieldSink fields, Plan plan) { }

    /// <summary>What a child is to it, where its place among the children does not say: a branch's pattern, <c>catch</c>.</summary>
    internal virtual string? BranchOf(int child) => null;

    /// <summary>Whether it takes time of its own, which history keeps.</summary>
    internal virtual bool TakesTime => false;

    /// <summary>What the times of its children come to; it has some.</summary>
    internal virtual PathTime TimeOver(ReadOnlySpan<PathTime> children, int cores) => PathTime.InOrder(children);

    /// <summary>How its children hang together.</summary>
    internal virtual void Edges(ImmutableArray<PlanEdge>.Builder edges) { }
}
