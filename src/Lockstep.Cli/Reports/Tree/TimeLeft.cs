using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Nodes;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>How long a run and its steps will still take, as far as history tells: a fold of its events beside the clock.</summary>
/// <param name="plan">The run's plan.</param>
/// <param name="cores">The cores of the machine it runs on.</param>
internal sealed class TimeLeft(Plan plan, int cores)
{
    private readonly CriticalPath _path = new(plan, cores);
    private readonly Dictionary<StepId, Leaf> _leaves = [];
    private readonly Dictionary<StepId, ConditionalNode> _conditions
        = plan.Steps().OfType<ConditionalNode>().Where(node => node.Evaluation is null).ToDictionary(node => node.Id);
    private DateTimeOffset _now;

    /// <summary>What history knows of the plan's steps; nothing until it has been read.</summary>
    public IReadOnlyDictionary<StepId, StepTiming> Timings { get; set; } = new Dictionary<StepId, StepTiming>();

    public void Apply(RunEvent happened)
    {
        switch (happened)
        {
            case StepStarted started:
                _leaves[started.Step] = new Leaf(started.At, Over: false);
                break;
            case StepEnded or StepSkipped:
                End(((StepEvent)happened).Step);
                break;
            case ConditionEvaluated { Branch: { } chosen } condition when _conditions.TryGetValue(condition.Step, out var node):
                foreach (var branch in node.Branches)
                    if (branch.Pattern != chosen) End(branch.Body.Id);
                break;
            case StepRetried or StepRestarted:
                foreach (var leaf in _path.LeavesOf(((StepEvent)happened).Step)) _leaves.Remove(leaf);
                break;
        }
    }

    /// <summary>How long the whole will still take, such as <c>~1m20s left</c>; null when nothing is known or a watch runs, which has no end.</summary>
    public string? Measure(DateTimeOffset now)
    {
        _now = now;
        if (Timings.Count == 0) return null;
        var left = _path.Measure(Left);
        return plan.Mode == PlanMode.Run ? Told(left) : null;
    }

    /// <summary>How long a running step will still take, as last measured, or how long it usually takes where it takes longer; null when nothing is known.</summary>
    public string? Of(PlanNode step)
    {
        if (Timings.Count == 0) return null;
        if (Told(_path.Of(step.Id)) is { } left) return left;
        return Timings.TryGetValue(step.Id, out var timing) && timing.P90 >= TimeSpan.FromSeconds(1) ? $"usually {Durations.Short(timing.Median)}" : null;
    }

    private void End(StepId step)
    {
        foreach (var leaf in _path.LeavesOf(step)) _leaves[leaf] = _leaves.GetValueOrDefault(leaf) with { Over = true };
    }

    private PathTime Left(StepId step)
    {
        var leaf = _leaves.GetValueOrDefault(step);
        var begun = leaf.Started is not null;
        if (leaf.Over) return new(TimeSpan.Zero, begun);
        if (!Timings.TryGetValue(step, out var timing)) return new(TimeSpan.Zero, begun, Partial: true);
        if (leaf.Started is not { } started) return new(timing.Median);

        // Past its median it is one of the slower times.
        var elapsed = _now - started;
        var expected = elapsed < timing.Median ? timing.Median : timing.P90;
        return new(elapsed < expected ? expected - elapsed : TimeSpan.Zero, begun);
    }

    private static string? Told(PathTime left) => left.Time <= TimeSpan.Zero
        ? null
        : $"{(left.Partial ? "at least " : "~")}{Durations.Running(TimeSpan.FromSeconds(Math.Ceiling(left.Time.TotalSeconds)))} left";

    /// <summary>How a leaf stands.</summary>
    private readonly record struct Leaf(DateTimeOffset? Started, bool Over);
}
