using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Views;

namespace Lockstep.Plans.Nodes;

/// <summary>What joins a link of a chain to the one before it.</summary>
public enum ChainOperator
{
    /// <summary><c>&amp;&amp;</c>: runs when what stands before succeeded.</summary>
    And,

    /// <summary><c>||</c>: runs when what stands before failed.</summary>
    Or,

    /// <summary><c>|</c>: runs beside it and reads its standard output.</summary>
    Pipe,
}

/// <summary>A chain that holds an action decorator, as a tree of shell's own precedence: a pipe binds tighter than and, or.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Operator">What joins the links: all links of one node have the same operator, and nested chains the others.</param>
/// <param name="Links">Two or more links, in order; <c>a &amp;&amp; b || c</c> is <c>or(and(a, b), c)</c>.</param>
public sealed record ChainNode(StepId Id, ChainOperator Operator, ImmutableArray<PlanNode> Links) : PlanNode(Id)
{
    internal const string KindName = "chain";

    /// <summary>The file that <c>&gt;&gt;</c> appends the chain's standard output to; null without one. Operator is then <see cref="ChainOperator.And"/> and one link is allowed.</summary>
    public ShellTemplate? AppendTo { get; init; }

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override ImmutableArray<PlanNode> Children => Links;

    internal override void Show(StepView view)
    {
        if (view.Describing)
        {
            Head(view);
            return;
        }

        var links = AsWritten();
        var start = view.Mark();
        if (view.Chain(links))
        {
            foreach (var link in links)
                if (!link.Step.Children.IsEmpty) view.Child(link.Step);
            return;
        }

        view.Rewind(start);
        Head(view);
        foreach (var link in links) view.Child(link);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Text("operator", Word(Operator));
        if (AppendTo is not null) fields.Template("append_to", AppendTo);
    }

    internal override void Edges(ImmutableArray<PlanEdge>.Builder edges)
    {
        var kind = Operator switch
        {
            ChainOperator.And => EdgeKind.OnSuccess,
            ChainOperator.Or => EdgeKind.OnFailure,
            ChainOperator.Pipe => EdgeKind.Pipe,
            _ => throw new InvalidOperationException($"no such operator: {Operator}"),
        };
        for (var i = 1; i < Links.Length; i++) edges.Add(new(Links[i - 1].Id, Links[i].Id, kind));
        if (AppendTo is not null && !Links.IsEmpty) edges.Add(new(Links[^1].Id, Id, EdgeKind.Append));
    }

    internal override PathTime TimeOver(ReadOnlySpan<PathTime> children, int cores)
    {
        switch (Operator)
        {
            case ChainOperator.Pipe:
                return PathTime.Longest(children);
            case ChainOperator.Or:
                var time = children[0];
                foreach (var otherwise in children[1..]) time = time.ThenIfBegun(otherwise);
                return time;
            default:
                return PathTime.InOrder(children);
        }
    }

    internal static ChainNode Read(StepSource step)
        => new(step.Id, step.Fields.Word("operator", Parse), step.Children) { AppendTo = step.Fields.OptionalTemplate("append_to") };

    private void Head(StepView view)
    {
        view.Word(KindName);
        view.Fact(Links.Length == 1 ? "1 link" : $"{Links.Length} links");
        if (AppendTo is not null && !AppendsToLast) view.Fact(">> ", AppendTo);
    }

    // A file after `a | b` takes the pipe's end, which is b's; after `a && b` it takes both, so it can't stand behind b alone.
    private bool AppendsToLast => Operator == ChainOperator.Pipe || Links.Length == 1;

    /// <summary>The links as the author wrote them, flat, nested chains taken apart wherever the shell's precedence puts them together again.</summary>
    private List<ChainLink> AsWritten()
    {
        var links = new List<ChainLink>(Links.Length);
        var pending = new Stack<Pending>();
        Push(pending, this, new Pending(this, null, AppendsToLast ? AppendTo : null, InPipe: false));
        while (pending.TryPop(out var next))
        {
            if (next.Step is ChainNode nested && nested.NeedsNoParentheses(next)) Push(pending, nested, next);
            else links.Add(new(next.Step, next.Before is { } before ? Symbol(before) : null, next.Append));
        }

        return links;
    }

    private readonly record struct Pending(PlanNode Step, ChainOperator? Before, ShellTemplate? Append, bool InPipe);

    private static void Push(Stack<Pending> pending, ChainNode chain, Pending place)
    {
        var last = chain.Links.Length - 1;
        var inPipe = last == 0 ? place.InPipe : chain.Operator == ChainOperator.Pipe;
        for (var i = last; i >= 0; i--)
        {
            var append = i < last ? null : chain.AppendsToLast && chain.AppendTo is { } file ? file : place.Append;
            pending.Push(new(chain.Links[i], i == 0 ? place.Before : chain.Operator, append, inPipe));
        }
    }

    private bool NeedsNoParentheses(Pending place)
    {
        if (Links.IsEmpty || Error is not null) return false;
        if (AppendTo is not null && (place.Append is not null || !AppendsToLast)) return false;
        return AppendsToLast || (place.Before is null && place.Append is null && !place.InPipe);
    }

    private static string Symbol(ChainOperator joint) => joint switch
    {
        ChainOperator.And => "&&",
        ChainOperator.Or => "||",
        ChainOperator.Pipe => "|",
        _ => throw new ArgumentOutOfRangeException(nameof(joint)),
    };

    private static string Word(ChainOperator joint) => joint switch
    {
        ChainOperator.And => "on-success",
        ChainOperator.Or => "on-failure",
        ChainOperator.Pipe => "pipe",
        _ => throw new ArgumentOutOfRangeException(nameof(joint)),
    };

    private static ChainOperator? Parse(string word) => word switch
    {
        "on-success" => ChainOperator.And,
        "on-failure" => ChainOperator.Or,
        "pipe" => ChainOperator.Pipe,
        _ => null,
    };
}
