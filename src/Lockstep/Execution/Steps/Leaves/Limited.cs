using Lockstep.Journal;
using Lockstep.Processes.Limits;
using Lockstep.Source;

namespace Lockstep.Execution.Steps.Leaves;

/// <summary>What history says of a step with limits.</summary>
internal static class Limited
{
    /// <summary>Why it starts, and what holds it to its limits here.</summary>
    public static string Started(string reason, ResourceLimits? limits, StepFence? fence)
    {
        if (limits is null || fence is not { Kinds: var kinds }) return reason;
        var each = new List<string>(3);
        if (limits.Memory is not null) each.Add(Said("memory", kinds.Memory));
        if (limits.Cpu is not null) each.Add(Said("cpu", kinds.Cpu));
        if (limits.Processes is not null) each.Add(Said("processes", kinds.Processes));
        return $"{reason}; {string.Join(", ", each)}";
    }

    /// <summary>How it ended, with the limit that it came to.</summary>
    public static StepResult Ended(StepResult result, ResourceLimits? limits, StepFence? fence)
    {
        if (fence is null || result.Outcome != Outcome.Failed) return result;
        var found = fence.Findings;
        return (found, limits) switch
        {
            ({ OutOfMemory: true }, { Memory: { } memory }) => result with { Reason = $"out of memory: killed when it used more than its {HumanSize.Format(memory)} ({result.Reason})" },
            ({ ProcessesRefused: true }, { Processes: { } processes }) => result with { Reason = $"{result.Reason}; it wanted more than its {processes} processes" },
            _ => result,
        };
    }

    private static string Said(string what, LimitedBy by) => by switch
    {
        LimitedBy.ControlGroup => $"{what} limited by cgroup",
        LimitedBy.ProcessLimit => $"{what} limited by rlimit",
        LimitedBy.Nothing => $"{what} not limited here",
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };
}
