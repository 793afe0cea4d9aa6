using System.Collections.Immutable;
using Lockstep.Plans.Nodes;

namespace Lockstep.Plans;

/// <summary>How many steps of a kind there are.</summary>
public readonly record struct KindCount(string Kind, int Count);

/// <summary>A plan in figures. Every branch counts, chosen or not.</summary>
/// <param name="Steps">All steps; sequences, which show no line, are none.</param>
/// <param name="Leaves">Those that hold no others: what can run.</param>
/// <param name="Kinds">Steps by kind, the kinds in alphabetical order.</param>
/// <param name="Values">The values used.</param>
/// <param name="Unresolved">Those whose text is not known yet, without the sensitive ones.</param>
/// <param name="Sensitive">Those that show as <c>&lt;redacted&gt;</c>.</param>
/// <param name="Errors">Steps and values that could not be described; a plan with any can't be run.</param>
/// <param name="Questions">How often a person may be asked before something runs.</param>
/// <param name="LongestTimeout">The longest time-out; null without any.</param>
/// <param name="WidestParallel">The most steps that one parallel step lets run at once, the machine's own limit aside; 1 without any.</param>
public sealed record PlanSummary(
    int Steps, int Leaves, ImmutableArray<KindCount> Kinds, int Values, int Unresolved, int Sensitive, int Errors, int Questions,
    TimeSpan? LongestTimeout, int WidestParallel)
{
    /// <summary>Counts a plan of any depth.</summary>
    public static PlanSummary Of(Plan plan)
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int steps = 0, leaves = 0, errors = 0, questions = 0, widest = 1;
        TimeSpan? longest = null;
        foreach (var step in plan.Steps())
        {
            if (step.Error is not null) errors++;
            if (step is SequenceNode) continue;
            steps++;
            if (step.Children.IsEmpty) leaves++;
            kinds[step.Kind] = kinds.GetValueOrDefault(step.Kind) + 1;
            if (step is ConfirmNode) questions++;
            if (step is TimeoutNode { Duration: var duration } && !(longest > duration)) longest = duration;
            if (step is ParallelNode parallel) widest = Math.Max(widest, parallel.AtOnce);
            else if (step is NeedsNode needs) widest = Math.Max(widest, needs.AtOnce);
        }

        int unresolved = 0, sensitive = 0;
        foreach (var value in plan.Values)
        {
            if (value.Sensitive) sensitive++;
            else if (value.Resolved is null) unresolved++;
            if (value.Error is not null) errors++;
        }

        var counts = ImmutableArray.CreateBuilder<KindCount>(kinds.Count);
        foreach (var (kind, count) in kinds) counts.Add(new(kind, count));
        return new(steps, leaves, counts.MoveToImmutable(), plan.Values.Length, unresolved, sensitive, errors, questions, longest, widest);
    }
}
