using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Journal.Answers;

/// <summary>Adds up where the time of a run or a step went.</summary>
internal sealed class TimeShares(PlanFamily family, IReadOnlyList<RunEvent> events)
{
    private const int Slowest = 5;
    private readonly OrderedDictionary<string, TimeSpan> _times = [];

    public IReadOnlyList<TimeShare> OfRun()
    {
        foreach (var happened in events) AddWait(happened);
        var ran = events.OfType<StepEnded>().Where(IsLeaf).GroupBy(ended => ended.Step).Select(same => (Step: same.Key, Time: Sum(same.Select(ended => ended.Duration))));
        foreach (var (step, time) in ran.OrderByDescending(one => one.Time).Take(Slowest)) Add($"running {step}", time);
        return Sorted();
    }

    public IReadOnlyList<TimeShare> OfStep(StepId step)
    {
        foreach (var happened in events)
        {
            if (happened is BranchesWaited waited) AddPlace(waited, step);
            else if (happened is StepEvent about && (about.Step == step || family.IsInside(about.Step, step) || (happened is LockTaken && family.IsInside(step, about.Step)))) AddWait(happened);
            if (happened is StepEnded ended && IsLeaf(ended) && (ended.Step == step || family.IsInside(ended.Step, step)))
                Add(ended.Step == step ? "running" : $"running {ended.Step}", ended.Duration);
        }

        return Sorted();
    }

    /// <summary>The branch that holds a step and had to wait; null where none did.</summary>
    public static PlanNode? Branch(PlanFamily family, BranchesWaited waited, StepId step)
    {
        if (family.Find(waited.Step) is not { } group) return null;
        var branch = family.Around(step).Where(pair => pair.Around.Id == waited.Step).Select(pair => pair.Child).FirstOrDefault();
        return branch is not null && group.Children.IndexOf(branch) >= group.Children.Length - waited.Waiting ? branch : null;
    }

    /// <summary>A step that ran something; one around others has an end of its own only where it was cut short, and its time is theirs.</summary>
    private bool IsLeaf(StepEnded ended) => family.Find(ended.Step) is null or ShellNode or LogNode;

    private void AddWait(RunEvent happened)
    {
        switch (happened)
        {
            case LockTaken taken:
                Add($"waiting for the lock {taken.Name}", taken.Waited);
                break;
            case SlotWaited waited:
                var then = events.OfType<StepEvent>().FirstOrDefault(about => about.Sequence > waited.Sequence && (about.Step == waited.Step || family.IsInside(about.Step, waited.Step)));
                if (then is not null and not SlotWaited) Add($"waiting for a free slot of {waited.Limit}", then.At - waited.At);
                break;
            case StepRetried retried:
                Add($"waiting before the next attempt of {retried.Step}", retried.Due - retried.At);
                break;
            case RunResumed resumed:
                Add("standing still until it was resumed", resumed.At - resumed.AliveUntil);
                break;
        }
    }

    private void AddPlace(BranchesWaited waited, StepId step)
    {
        if (Branch(family, waited, step) is not { } branch) return;
        var first = events.OfType<StepEvent>().FirstOrDefault(about => about.Sequence > waited.Sequence && (about.Step == branch.Id || family.IsInside(about.Step, branch.Id)));
        if (first is not null) Add($"waiting for a free place of {waited.Step}", first.At - waited.At);
    }

    private void Add(string what, TimeSpan time)
    {
        if (time > TimeSpan.Zero) _times[what] = _times.GetValueOrDefault(what) + time;
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

    private IReadOnlyList<TimeShare> Sorted() => [.. _times.OrderByDescending(share => share.Value).Select(share => new TimeShare(share.Key, share.Value))];
}
