using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Views;

namespace Lockstep.Plans.Nodes;

/// <summary>Statements one after the other; the first failure stops it. Shows as its statements, without a line of its own.</summary>
public sealed record SequenceNode(StepId Id, ImmutableArray<PlanNode> Steps) : PlanNode(Id)
{
    internal const string KindName = "sequence";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children => Steps;

    // Only where its steps would read as their neighbours' equals, inside @parallel, does it have this line.
    internal override void Show(StepView view)
    {
        view.Word(KindName);
        view.Fact($"{Steps.Length} steps, in order");
        foreach (var step in Steps) view.Child(step);
    }

    internal override void Fields(FieldSink fields) { }

    internal override void Edges(ImmutableArray<PlanEdge>.Builder edges)
    {
        for (var i = 1; i < Steps.Length; i++) edges.Add(new(Steps[i - 1].Id, Steps[i].Id, EdgeKind.Then));
    }

    internal static SequenceNode Read(StepSource step) => new(step.Id, step.Children);
}

/// <summary>What a <see cref="ParallelNode"/> does after a failure.</summary>
public enum ParallelMode
{
    /// <summary>Starts no more, lets running ones end. The default.</summary>
    FailFast,

    /// <summary>Starts no more and cancels running ones.</summary>
    Immediate,

    /// <summary>Runs all and reports every failure.</summary>
    All,
}

/// <summary>Statements at the same time.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Mode">What a failure does to the others.</param>
/// <param name="Concurrency">How many at once; null is twice the cores of the machine it runs on, and at least 4.</param>
/// <param name="Branches">The statements.</param>
public sealed record ParallelNode(StepId Id, ParallelMode Mode, int? Concurrency, ImmutableArray<PlanNode> Branches) : PlanNode(Id)
{
    internal const string KindName = "parallel";

    // So many run at once on every machine where nothing else is asked for, so that a plan can say so without knowing the machine.
    private const int FewestAtOnce = 4;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children => Branches;

    /// <summary>How many branches the plan lets run at once; the machine may allow fewer where the plan sets no limit.</summary>
    internal int AtOnce => Math.Min(Concurrency ?? Branches.Length, Branches.Length);

    /// <summary>How many branches may run at once on a machine.</summary>
    internal int LimitOn(int cores) => Math.Max(1, Concurrency ?? DefaultLimitOn(cores));

    /// <summary>How many steps may run at once on a machine where nothing else is asked for.</summary>
    internal static int DefaultLimitOn(int cores) => Math.Max(FewestAtOnce, 2 * cores);

    internal override void Show(StepView view)
    {
        view.Decorator(KindName, Ink.Yellow);
        view.Fact($"{AtOnce} concurrent");
        if (Concurrency is null && AtOnce > FewestAtOnce) view.Fact($"at most 2 {view.Times} cores");
        if (Mode != ParallelMode.FailFast) view.Fact(Word(Mode));
        foreach (var branch in Branches) view.Child(branch, alone: true);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Text("mode", Word(Mode));
        if (Concurrency is { } concurrency) fields.Number("concurrency", concurrency);
    }

    internal override void Edges(ImmutableArray<PlanEdge>.Builder edges)
    {
        foreach (var branch in Branches) edges.Add(new(Id, branch.Id, EdgeKind.Parallel));
    }

    internal override PathTime TimeOver(ReadOnlySpan<PathTime> children, int cores) => PathTime.Beside(children, LimitOn(cores));

    internal static ParallelNode Read(StepSource step)
        => new(step.Id, step.Fields.Word("mode", Parse), step.Fields.OptionalNumber("concurrency"), step.Children);

    private static string Word(ParallelMode mode) => mode switch
    {
        ParallelMode.FailFast => "fail-fast",
        ParallelMode.Immediate => "immediate",
        ParallelMode.All => "all",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    private static ParallelMode? Parse(string word) => word switch
    {
        "fail-fast" => ParallelMode.FailFast,
        "immediate" => ParallelMode.Immediate,
        "all" => ParallelMode.All,
        _ => null,
    };
}

/// <summary>Another command of the file, expanded in place.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Arguments">Its arguments as written, in order, for display, sensitive ones redacted; their values are inside <paramref name="Body"/>.</param>
/// <param name="Body">The command's steps; null when an earlier need of the same command has them: whichever is reached first runs those.</param>
public sealed record CallNode(StepId Id, string Command, ImmutableArray<string> Arguments, PlanNode? Body) : PlanNode(Id)
{
    internal const string KindName = "call";

    /// <summary>Whether one run runs it once, however often it is needed.</summary>
    public bool Once { get; init; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children => Body is null ? [] : [Body];

    internal override void Show(StepView view)
    {
        view.Decorator("cmd");
        view.Argument(Command);
        foreach (var argument in Arguments) view.Argument(argument);
        if (Body is null) view.Fact("once, see above");
        else view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Text("command", Command);
        if (!Arguments.IsEmpty) fields.Texts("arguments", Arguments);
        if (Once) fields.Flag("once", Once);
    }

    internal static CallNode Read(StepSource step)
        => new(step.Id, step.Fields.Text("command"), step.Fields.Has("arguments") ? step.Fields.Texts("arguments") : [], step.OptionalBody())
        {
            Once = step.Fields.OptionalFlag("once") ?? false,
        };
}

/// <summary>Commands that must have run before what follows: each once a run, independent ones at the same time.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Calls">The commands, each with <see cref="CallNode.Once"/> set.</param>
public sealed record NeedsNode(StepId Id, ImmutableArray<CallNode> Calls) : PlanNode(Id)
{
    internal const string KindName = "needs";

    /// <summary>How many begin at the same time: those that the plan has not shown before, as a command is run once.</summary>
    internal int AtOnce => Calls.Count(call => call.Body is not null);

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children => ImmutableArray<PlanNode>.CastUp(Calls);

    internal override void Show(StepView view)
    {
        view.Decorator(KindName, Ink.Yellow);
        foreach (var call in Calls) view.Fact(call.Command);
        foreach (var call in Calls) view.Child(call);
    }

    internal override void Fields(FieldSink fields) { }

    internal override void Edges(ImmutableArray<PlanEdge>.Builder edges)
    {
        foreach (var call in Calls) edges.Add(new(Id, call.Id, EdgeKind.DependsOn));
    }

    internal override PathTime TimeOver(ReadOnlySpan<PathTime> children, int cores) => PathTime.Beside(children, ParallelNode.DefaultLimitOn(cores));

    internal static NeedsNode Read(StepSource step)
    {
        var calls = ImmutableArray.CreateBuilder<CallNode>(step.Children.Length);
        foreach (var child in step.Children) calls.Add(child as CallNode ?? throw step.Wrong("has children that are no calls"));
        return new(step.Id, calls.MoveToImmutable());
    }
}
