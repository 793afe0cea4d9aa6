using Lockstep.Processes.Limits;

namespace Lockstep.Tests.Execution.Limits;

/// <summary>A test of a limit that not every machine can hold processes to; skipped, with the reason, where this one can't.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsLimitFactAttribute : FactAttribute
{
    public NeedsLimitFactAttribute(string limit)
    {
        Limit = limit;
        var (kinds, whyNoGroups, _) = StepLimiter.Look(Environment.GetEnvironmentVariable);
        var here = limit switch
        {
            nameof(LimitKinds.Processes) => kinds.Processes != LimitedBy.Nothing,
            nameof(LimitKinds.Cpu) => kinds.Cpu != LimitedBy.Nothing,
            _ => kinds.Memory == LimitedBy.ControlGroup,
        };
        if (!here) Skip = $"not run: nothing limits {limit} here: {whyNoGroups}{(Environment.IsPrivilegedProcess ? ", and root's processes are not counted" : "")}";
    }

    public string Limit { get; }
}
