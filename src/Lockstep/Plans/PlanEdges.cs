using System.Collections.Immutable;

namespace Lockstep.Plans;

/// <summary>How two steps hang together.</summary>
public enum EdgeKind
{
    /// <summary>The second runs after the first: the next statement, or a <c>finally</c>.</summary>
    Then,

    /// <summary><c>&amp;&amp;</c>: the second runs if the first succeeded.</summary>
    OnSuccess,

    /// <summary><c>||</c>, or a <c>catch</c>: the second runs if the first failed.</summary>
    OnFailure,

    /// <summary><c>|</c>: the second reads what the first prints.</summary>
    Pipe,

    /// <summary><c>&gt;&gt;</c>: what the first prints is appended to the second's file.</summary>
    Append,

    /// <summary>The first chooses whether the second runs.</summary>
    Branch,

    /// <summary>The first runs the second beside its other branches.</summary>
    Parallel,

    /// <summary>The first runs only after the second has succeeded.</summary>
    DependsOn,

    /// <summary>The first's event starts the second, in a run of its own.</summary>
    Triggers,
}

/// <summary>An edge of a plan's graph. That a step stands inside another is no edge; the tree says it.</summary>
/// <param name="From">One step.</param>
/// <param name="To">The other.</param>
/// <param name="Kind">What the first is to the second.</param>
public sealed record PlanEdge(StepId From, StepId To, EdgeKind Kind)
{
    /// <summary>What a branch is called; null for edges that need no name.</summary>
    public string? Label { get; init; }
}

/// <summary>The graph that a plan's tree implies.</summary>
public static class PlanEdges
{
    /// <summary>All edges, those of parents before those of their children, siblings in order.</summary>
    public static ImmutableArray<PlanEdge> Of(Plan plan)
    {
        var edges = ImmutableArray.CreateBuilder<PlanEdge>();
        foreach (var step in plan.Steps()) step.Edges(edges);
        return edges.ToImmutable();
    }

    /// <summary>The word that JSON and graphs have for an edge: <c>on-success</c>.</summary>
    internal static string Word(this EdgeKind kind) => kind switch
    {
        EdgeKind.Then => "then",
        EdgeKind.OnSuccess => "on-success",
        EdgeKind.OnFailure => "on-failure",
        EdgeKind.Pipe => "pipe",
        EdgeKind.Append => "append",
        EdgeKind.Branch => "branch",
        EdgeKind.Parallel => "parallel",
        EdgeKind.DependsOn => "depends-on",
        EdgeKind.Triggers => "triggers",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What graphs write at an arrow: the shell's own sign where it has one.</summary>
    internal static string Sign(this EdgeKind kind) => kind switch
    {
        EdgeKind.Then => "",
        EdgeKind.OnSuccess => "&&",
        EdgeKind.OnFailure => "||",
        EdgeKind.Pipe => "|",
        EdgeKind.Append => ">>",
        EdgeKind.Branch or EdgeKind.Parallel or EdgeKind.DependsOn or EdgeKind.Triggers => kind.Word(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
