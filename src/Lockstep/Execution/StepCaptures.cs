using System.Text;
using Lockstep.Execution.Steps;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution;

/// <summary>The standard output of the steps that a later <c>@output</c> names, kept in memory, at most 1 MiB each.</summary>
internal sealed class StepCaptures
{
    /// <summary>How much of one output is kept.</summary>
    public const int Limit = 1 << 20;
    private readonly Dictionary<string, Capture> _byTarget = new(StringComparer.Ordinal);
    private readonly Dictionary<StepId, Capture[]> _byStep = [];

    public StepCaptures(Plan plan)
    {
        foreach (var value in plan.Values)
            if (value.Expression is OutputExpression output) _byTarget[output.Step] = new Capture();
        if (_byTarget.Count > 0) Follow(plan.Root);
    }

    /// <summary>Begins to take a step's standard output, anew for each attempt; null when nobody will ask for it.</summary>
    public MemoryStream? Begin(StepId step)
    {
        if (!_byStep.TryGetValue(step, out var captures)) return null;
        var bytes = new MemoryStream();
        foreach (var capture in captures) capture.BySteps[step] = bytes;
        return bytes;
    }

    /// <summary>Takes what a step printed before the run was resumed.</summary>
    public void Restore(StepId step, string text) => Begin(step)?.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Whether a later step uses what a step, or one inside it, prints.</summary>
    public bool Uses(PlanNode node)
    {
        if (_byStep.Count == 0) return false;
        var pending = new Stack<PlanNode>();
        pending.Push(node);
        while (pending.TryPop(out var next))
        {
            if (_byStep.ContainsKey(next.Id)) return true;
            foreach (var child in next.Children) pending.Push(child);
        }
        return false;
    }

    /// <summary>The output, without the white space around it.</summary>
    public string Text(string target)
    {
        var parts = _byTarget[target].BySteps.Values;
        if (parts.Count == 0)
            throw new StepFailedException($"@output({target}): no step of that name has run yet in this run; name a command or step that runs before");
        if (parts.Sum(part => part.Length) > Limit)
            throw new StepFailedException($"@output({target}): the step printed more than 1 MiB; write its output to a file instead");
        return string.Concat(parts.Select(Text)).Trim();
    }

    public static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));

    private void Follow(PlanNode root)
    {
        var pending = new Stack<(PlanNode Node, Capture[] Open)>();
        pending.Push((root, []));
        while (pending.TryPop(out var next))
        {
            var (node, open) = next;
            if (_byTarget.TryGetValue(node.Id.Path, out var byId)) open = [.. open, byId];
            if (node is CallNode call && _byTarget.TryGetValue(call.Command, out var byName)) open = [.. open, byName];
            if (open.Length > 0 && node is LeafNode) _byStep[node.Id] = open;
            foreach (var child in node.Children) pending.Push((child, open));
        }
    }

    private sealed class Capture
    {
        public OrderedDictionary<StepId, MemoryStream> BySteps { get; } = [];
    }
}
