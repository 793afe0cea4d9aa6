using Lockstep.Plans;

namespace Lockstep.Journal;

/// <summary>A position in a run from which another run can go on.</summary>
/// <param name="After">The number of the last event before it.</param>
/// <param name="Text">Where it is, in words: <c>the beginning</c>, <c>the step deploy/2</c>, <c>the checkpoint tested</c>.</param>
public sealed record ForkPoint(long After, string Text)
{
    /// <summary>Finds a position in a run.</summary>
    /// <param name="plan">The run's plan.</param>
    /// <param name="events">Its events, all of them.</param>
    /// <param name="from">A checkpoint's label, of several the latest of that name, else a step's id: right before that step, or the first inside it, began. Null for the beginning.</param>
    /// <exception cref="ForkPointException">The run has no such position.</exception>
    public static ForkPoint Of(Plan plan, IReadOnlyList<RunEvent> events, string? from)
    {
        if (from is null) return new(1, "the beginning");
        for (var i = events.Count - 1; i >= 0; i--)
            if (events[i] is CheckpointCreated checkpoint && checkpoint.Label == from) return new(checkpoint.Sequence, $"the checkpoint {from}");

        var inside = Inside(plan, new StepId(from));
        foreach (var happened in events)
        {
            if (happened is not StepEvent about || !inside.Contains(about.Step)) continue;
            return happened is StepSkipped skipped
                ? throw new ForkPointException($"the step {from} was not run: {skipped.Reason}", "name a step that was run, or a checkpoint")
                : new(Math.Max(1, happened.Sequence - 1), $"the step {from}");
        }

        throw new ForkPointException(
            inside.Count == 0 ? $"the run has neither a step nor a checkpoint called '{from}'" : $"the step {from} was not run", "name a step that was run, or a checkpoint");
    }

    private static HashSet<StepId> Inside(Plan plan, StepId id)
    {
        var inside = new HashSet<StepId>();
        var pending = new Stack<PlanNode>(plan.Steps().Where(step => step.Id == id).Take(1));
        while (pending.TryPop(out var step))
        {
            inside.Add(step.Id);
            foreach (var child in step.Children) pending.Push(child);
        }

        return inside;
    }
}

/// <summary>A run can't be forked where that was asked.</summary>
/// <param name="message">Why, without a final stop.</param>
/// <param name="help">What to do.</param>
public sealed class ForkPointException(string message, string help) : Exception(message)
{
    /// <summary>What to do, without a final stop.</summary>
    public string Help { get; } = help;
}
