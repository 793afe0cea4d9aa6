using System.Collections.Immutable;
using Lockstep.Plans.Nodes;

namespace Lockstep.Plans.Views;

/// <summary>Draws a plan's graph in some language: leaves as nodes, what holds others as boxes, and what runs after what as arrows.</summary>
internal abstract class GraphWriter
{
    public abstract void Begin(string title);

    /// <summary>Opens a box; <paramref name="taken"/> is false for a branch that the plan does not take.</summary>
    public abstract void OpenBox(int id, ReadOnlySpan<char> title, bool taken);

    public abstract void CloseBox();

    public abstract void Node(int id, ReadOnlySpan<char> text);

    /// <summary>An arrow; its ends are nodes and, where they stand for a box, that box.</summary>
    public abstract void Arrow(GraphEnd from, GraphEnd to, EdgeKind kind);

    public abstract void End();
}

/// <summary>An end of an arrow: a node, and the box it stands for or null.</summary>
internal readonly record struct GraphEnd(int Node, int? Box);

/// <summary>Walks a plan for a <see cref="GraphWriter"/>: every branch, chosen or not, any depth.</summary>
internal sealed class PlanGraph
{
    private readonly Dictionary<StepId, (int First, int Last, int? Box)> _drawn = [];
    private readonly Stack<Open> _open = new();
    private readonly GraphWriter _writer;
    private readonly StepView _view;
    private int _ids;

    private PlanGraph(Plan plan, GraphWriter writer)
        => (_writer, _view) = (writer, new StepView(plan.Values, new ViewOptions(Markers: false, Describing: true)));

    public static void Draw(Plan plan, GraphWriter writer)
    {
        var graph = new PlanGraph(plan, writer);
        writer.Begin(plan.Command);
        graph.Enter(plan.Root, branch: null, taken: true);
        while (graph._open.TryPeek(out var at)) graph.Go(at);
        foreach (var edge in PlanEdges.Of(plan)) graph.Arrow(edge);
        writer.End();
    }

    private void Go(Open at)
    {
        if (at.Next < at.Children.Length)
        {
            var child = at.Next++;
            var taken = at.Step is not ConditionalNode { Evaluation: { } found } when || found.SelectedBranch == when.BranchOf(child);
            Enter(at.Children[child], at.Step.BranchOf(child), taken);
            return;
        }

        _open.Pop();
        if (at.First is null)
        {
            at.First = at.Last = _ids;
            _writer.Node(_ids++, "(no steps)");
        }

        if (at.Box is not null) _writer.CloseBox();
        if (at.Branch is not null) _writer.CloseBox();
        Leave(at.Step, at.First.Value, at.Last!.Value, at.BranchBox ?? at.Box);
    }

    private void Enter(PlanNode step, string? branch, bool taken)
    {
        int? branchBox = branch is null ? null : OpenBox(branch, taken);
        _view.Show(new(new(step, null, null), null, Alone: true));
        if (step.Children.IsEmpty && step is not SequenceNode)
        {
            var node = _ids++;
            _writer.Node(node, _view.Line.Chars);
            if (branchBox is not null) _writer.CloseBox();
            Leave(step, node, node, branchBox);
            return;
        }

        int? box = step is SequenceNode && !StandsApart(step) ? null : OpenBox(_view.Line.Chars, taken: true);
        _open.Push(new(step, branch, branchBox, box));
    }

    // A sequence is a box only between branches that run at the same time, where its arrows alone would not show what belongs together.
    private bool StandsApart(PlanNode step) => step.Children.Length > 1 && _open.TryPeek(out var parent) && parent.Step is ParallelNode;

    private int OpenBox(ReadOnlySpan<char> title, bool taken)
    {
        _writer.OpenBox(_ids, title, taken);
        return _ids++;
    }

    private void Leave(PlanNode step, int first, int last, int? box)
    {
        _drawn[step.Id] = (first, last, box);
        if (!_open.TryPeek(out var parent)) return;
        parent.First ??= first;
        parent.Last = last;
    }

    private void Arrow(PlanEdge edge)
    {
        if (edge.Kind is EdgeKind.Parallel or EdgeKind.Branch or EdgeKind.DependsOn or EdgeKind.Append) return;
        if (!_drawn.TryGetValue(edge.From, out var from) || !_drawn.TryGetValue(edge.To, out var to)) return;
        _writer.Arrow(new(from.Last, from.Box), new(to.First, to.Box), edge.Kind);
    }

    private sealed class Open(PlanNode step, string? branch, int? branchBox, int? box)
    {
        public PlanNode Step => step;

        public ImmutableArray<PlanNode> Children { get; } = step.Children;

        public string? Branch => branch;

        public int? BranchBox => branchBox;

        public int? Box => box;

        public int Next { get; set; }

        public int? First { get; set; }

        public int? Last { get; set; }
    }
}
