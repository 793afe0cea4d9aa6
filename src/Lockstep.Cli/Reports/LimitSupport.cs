using Lockstep.Processes.Limits;

namespace Lockstep.Cli.Reports;

/// <summary>What holds steps to <c>@limit</c> on this machine, in words.</summary>
/// <param name="Complete">Whether each limit is held, and counts for all that belongs to a step together.</param>
/// <param name="Sentence">What holds which limit.</param>
internal sealed record LimitSupport(bool Complete, string Sentence)
{
    /// <summary>How to have all limits held.</summary>
    public const string Mend = "systemd-run --user --scope -p Delegate=yes lockstep NAME starts lockstep in a cgroup of its own; or name a writable cgroup with LOCKSTEP_CGROUP";

    public static LimitSupport Here(Host host)
    {
        var (kinds, whyNoGroups, groups) = StepLimiter.Look(host.Environment);
        string[] all = [Said("memory", kinds.Memory), Said("cpu", kinds.Cpu), Said("processes", kinds.Processes)];
        var why = groups is null ? whyNoGroups : $"cgroups are made in {groups}";
        return new(kinds is { Memory: LimitedBy.ControlGroup, Cpu: LimitedBy.ControlGroup, Processes: LimitedBy.ControlGroup }, $"{string.Join(", ", all)} ({why})");
    }

    private static string Said(string what, LimitedBy by) => by switch
    {
        LimitedBy.ControlGroup => $"{what} by cgroup",
        LimitedBy.ProcessLimit => $"{what} by rlimit",
        LimitedBy.Nothing => $"{what} not at all",
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };
}
