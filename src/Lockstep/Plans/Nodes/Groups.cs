using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Lockstep.Plans.Nodes;

/// <summary>Statements one after the other; the first failure stops it. Shows as its statements, without a line of its own.</summary>
public sealed record SequenceNode(StepId Id, ImmutableArray<PlanNode> Steps) : PlanNode(Id)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => Steps;
}

/// <summary>What joins a link of a chain to the one before it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChainOperator>))]
public enum ChainOperator
{
    /// <summary><c>&amp;&amp;</c>: runs when what stands before succeeded.</summary>
    [JsonStringEnumMemberName("on-success")] And,

    /// <summary><c>||</c>: runs when what stands before failed.</summary>
    [JsonStringEnumMemberName("on-failure")] Or,

    /// <summary><c>|</c>: runs beside it and reads its standard output.</summary>
    [JsonStringEnumMemberName("pipe")] Pipe,
}

/// <summary>A chain that holds an action decorator, as a tree of shell's own precedence: a pipe binds tighter than and, or.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Operator">What joins the links: all links of one node have the same operator, and nested chains the others.</param>
/// <param name="Links">Two or more links, in order; <c>a &amp;&amp; b || c</c> is <c>or(and(a, b), c)</c>.</param>
public sealed record ChainNode(StepId Id, ChainOperator Operator, ImmutableArray<PlanNode> Links) : PlanNode(Id)
{
    /// <summary>The file that <c>&gt;&gt;</c> appends the chain's standard output to; null without one. Operator is then <see cref="ChainOperator.And"/> and one link is allowed.</summary>
    public Lockstep.Expressions.ShellTemplate? AppendTo { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => Links;
}

/// <summary>What a <see cref="ParallelNode"/> does after a failure.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ParallelMode>))]
public enum ParallelMode
{
    /// <summary>Starts no more, lets running ones end. The default.</summary>
    [JsonStringEnumMemberName("fail-fast")] FailFast,

    /// <summary>Starts no more and cancels running ones.</summary>
    [JsonStringEnumMemberName("immediate")] Immediate,

    /// <summary>Runs all and reports every failure.</summary>
    [JsonStringEnumMemberName("all")] All,
}

/// <summary>Statements at the same time.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Mode">What a failure does to the others.</param>
/// <param name="Concurrency">How many at once; null is twice the machine's cores, so that a plan is the same on every machine.</param>
/// <param name="Branches">The statements.</param>
public sealed record ParallelNode(StepId Id, ParallelMode Mode, int? Concurrency, ImmutableArray<PlanNode> Branches) : PlanNode(Id)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => Branches;
}

/// <summary>Another command of the file, expanded in place.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Arguments">Its arguments as written, in order, for display; their values are inside <paramref name="Body"/>.</param>
/// <param name="Body">The command's steps; null when the run has them already, by an earlier <see cref="NeedsNode"/>.</param>
public sealed record CallNode(StepId Id, string Command, ImmutableArray<string> Arguments, PlanNode? Body) : PlanNode(Id)
{
    /// <summary>Whether one run runs it once, however often it is needed.</summary>
    public bool Once { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => Body is null ? [] : [Body];
}

/// <summary>Commands that must have run before what follows: each once a run, independent ones at the same time.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Calls">The commands, each with <see cref="CallNode.Once"/> set.</param>
public sealed record NeedsNode(StepId Id, ImmutableArray<CallNode> Calls) : PlanNode(Id)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override ImmutableArray<PlanNode> Children => ImmutableArray<PlanNode>.CastUp(Calls);
}
