using Lockstep.Plans.Nodes;

namespace Lockstep.Plans.Views;

/// <summary>Walks a plan line by line, as every view shows it: parents before children, sequences as their steps, any depth.</summary>
internal sealed class PlanOutline
{
    private readonly Stack<Pending> _pending = new();

    public PlanOutline(Plan plan, ViewOptions options)
    {
        View = new(plan.Values, options);
        var root = new ShownStep(new(plan.Root, null, null), null, Alone: false);
        if (!IsNothing(root)) _pending.Push(new(root, 0, IsLast: true));
    }

    /// <summary>The line, and which values have been shown.</summary>
    public StepView View { get; }

    /// <summary>The step the line is about; null where the line is a branch's label.</summary>
    public PlanNode? Step { get; private set; }

    /// <summary>The step that a branch's label stands for; null where the line is no label.</summary>
    public PlanNode? Labelled { get; private set; }

    /// <summary>How deep the line stands; 0 right below the command's name.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether no sibling follows.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Whether nothing stands below the line.</summary>
    public bool IsLeaf { get; private set; }

    /// <summary>How many leaves there were so far; a chain in one line is one, whatever its calls run below it.</summary>
    public int Leaves { get; private set; }

    /// <summary>Goes to the next line; false past the last.</summary>
    public bool Next()
    {
        while (_pending.TryPop(out var next))
        {
            if (Melts(next.Shown) is { } sequence)
            {
                View.Below.Clear();
                foreach (var step in sequence.Steps) View.Child(step, alone: next.Shown.Alone);
                PushBelow(next.Depth, next.IsLast);
                continue;
            }

            View.Show(next.Shown);
            (Depth, IsLast) = (next.Depth, next.IsLast);
            Step = next.Shown.Label is null ? next.Shown.Link.Step : null;
            Labelled = next.Shown.Label is null ? null : next.Shown.Link.Step;
            IsLeaf = !PushBelow(next.Depth + 1, isLast: true);
            if (IsLeaf || View.IsChainLine) Leaves++;
            return true;
        }

        return false;
    }

    private bool PushBelow(int depth, bool isLast)
    {
        var any = false;
        for (var i = View.Below.Count - 1; i >= 0; i--)
        {
            if (IsNothing(View.Below[i])) continue;
            _pending.Push(new(View.Below[i], depth, isLast && !any));
            any = true;
        }

        return any;
    }

    private static SequenceNode? Melts(ShownStep shown)
        => shown is { Label: null, Link: { Before: null, Append: null, Step: SequenceNode { Error: null } sequence } }
            && (!shown.Alone || sequence.Steps.Length <= 1)
            ? sequence
            : null;

    private static bool IsNothing(ShownStep shown)
    {
        if (shown.Label is not null) return false;
        var step = shown.Link.Step;
        while (step is SequenceNode { Steps: [var only], Error: null }) step = only;
        return step is SequenceNode { Steps.IsEmpty: true, Error: null };
    }

    private readonly record struct Pending(ShownStep Shown, int Depth, bool IsLast);
}
