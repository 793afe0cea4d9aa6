using Lockstep.Plans.Nodes;

namespace Lockstep.Plans.Estimates;

/// <summary>How long a plan will take, from how long its steps took before.</summary>
/// <param name="Steps">What is known of the plan's steps that take time of their own, and of chains of them.</param>
/// <param name="Measured">How many of its steps take time of their own.</param>
/// <param name="Unknown">How many of those have no history; the run takes longer by their time.</param>
/// <param name="Median">How long the run takes when each step takes its median, over the longest path.</param>
/// <param name="P90">The same with what each step takes in nine of ten times.</param>
public sealed record PlanEstimate(IReadOnlyDictionary<StepId, StepTiming> Steps, int Measured, int Unknown, TimeSpan Median, TimeSpan P90)
{
    /// <summary>The estimate of a plan: every step succeeds at its first attempt, and of branches nothing has chosen from the longest is taken.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="steps">What is known of its steps.</param>
    /// <param name="cores">The cores of the machine it will run on.</param>
    public static PlanEstimate Of(Plan plan, IReadOnlyDictionary<StepId, StepTiming> steps, int cores)
    {
        var path = new CriticalPath(plan, cores);
        var measured = path.Leaves.Count();
        var unknown = path.Leaves.Count(leaf => !steps.ContainsKey(leaf.Id));
        var median = path.Measure(leaf => Of(leaf, static timing => timing.Median));
        var chains = plan.Steps().OfType<ChainNode>().Select(chain => (chain.Id, Median: path.Of(chain.Id))).Where(chain => !chain.Median.Partial && path.LeavesOf(chain.Id).Any()).ToList();
        var p90 = path.Measure(leaf => Of(leaf, static timing => timing.P90));
        var all = new Dictionary<StepId, StepTiming>(steps);
        foreach (var chain in chains)
            all[chain.Id] = new(chain.Median.Time, path.Of(chain.Id).Time, path.LeavesOf(chain.Id).Min(leaf => steps.GetValueOrDefault(leaf).Runs));
        return new(all, measured, unknown, median.Time, p90.Time);

        PathTime Of(StepId leaf, Func<StepTiming, TimeSpan> time) => steps.TryGetValue(leaf, out var known) ? new(time(known)) : new(TimeSpan.Zero, Partial: true);
    }
}
