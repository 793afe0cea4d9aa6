using Lockstep.Plans;
using Lockstep.Plans.Views;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>A line of the plan's tree.</summary>
/// <param name="Text">The step as the plan's tree shows it, or a branch's label.</param>
/// <param name="Depth">0 right below the command's name.</param>
/// <param name="IsLast">Whether no sibling follows.</param>
/// <param name="Parent">The parent's index; -1 for none.</param>
/// <param name="Step">The step; null for a branch's label.</param>
/// <param name="Labelled">The step that a branch's label stands for; null for other lines.</param>
internal sealed record PlanRow(string Text, int Depth, bool IsLast, int Parent, PlanNode? Step, PlanNode? Labelled)
{
    /// <summary>The index after the last row below this one.</summary>
    public int End { get; set; }
}

/// <summary>The lines of a plan's tree, and which line each step's events belong to.</summary>
internal sealed class PlanRows
{
    private readonly Dictionary<StepId, int> _rows = [];

    public PlanRows(Plan plan, bool unicode)
    {
        var rows = new List<PlanRow>();
        var ancestors = new List<int>();
        var outline = new PlanOutline(plan, new ViewOptions(Unicode: unicode, Markers: false, Facts: true, Cut: true));
        while (outline.Next())
        {
            Close(rows, ancestors, outline.Depth);
            var parent = ancestors.Count > 0 ? ancestors[^1] : -1;
            rows.Add(new PlanRow(new string(outline.View.Line.Chars), outline.Depth, outline.IsLast, parent, outline.Step, outline.Labelled));
            ancestors.Add(rows.Count - 1);
        }
        Close(rows, ancestors, 0);
        All = [.. rows];
        Assign(plan);
    }

    public PlanRow[] All { get; }

    /// <summary>The row that shows a step, or the nearest step around it that has one; null when none does.</summary>
    public int? Of(StepId step) => _rows.TryGetValue(step, out var row) ? row : null;

    private static void Close(List<PlanRow> rows, List<int> ancestors, int depth)
    {
        while (ancestors.Count > depth)
        {
            rows[ancestors[^1]].End = rows.Count;
            ancestors.RemoveAt(ancestors.Count - 1);
        }
    }

    private void Assign(Plan plan)
    {
        for (var i = 0; i < All.Length; i++)
            if (All[i].Step is { } step) _rows.TryAdd(step.Id, i);
        for (var i = 0; i < All.Length; i++)
            if (All[i].Labelled is { } step) _rows.TryAdd(step.Id, i);
        var pending = new Stack<(PlanNode Step, int Row)>();
        pending.Push((plan.Root, -1));
        while (pending.TryPop(out var next))
        {
            var row = next.Row;
            if (_rows.TryGetValue(next.Step.Id, out var own)) row = own;
            else if (row >= 0) _rows[next.Step.Id] = row;
            foreach (var child in next.Step.Children) pending.Push((child, row));
        }
    }
}
