using System.Buffers.Text;
using Lockstep.Processes.Native;

namespace Lockstep.Processes.Limits;

/// <summary>Holds processes to limits in the best way that this machine permits: with control groups, else with the limits the kernel keeps for each process.</summary>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="clock">The clock of waits.</param>
internal sealed class StepLimiter(Func<string, string?> environment, TimeProvider clock)
{
    private const int NumberOfProcesses = 6;
    private const int AddressSpace = 9;

    private ControlGroups? _groups;
    private bool _looked;

    /// <summary>What would hold processes to limits here, without changing anything; and why not control groups, where they don't.</summary>
    public static (LimitKinds Kinds, string? WhyNoGroups, string? Groups) Look(Func<string, string?> environment)
    {
        var (groups, whyNot) = ControlGroups.Find(environment, enter: false);
        return (Kinds(groups), whyNot, groups?.ToString());
    }

    /// <summary>Looks how to limit. This process may have to move to another control group, which only works while it has started nothing.</summary>
    public void Prepare()
    {
        if (_looked) return;
        _looked = true;
        _groups = ControlGroups.Find(environment, enter: true).Groups;
    }

    /// <summary>Makes ready what holds one process, and all that it starts, to limits.</summary>
    public StepFence Fence(ResourceLimits limits)
    {
        Prepare();
        var (group, kinds) = Group(limits);
        var memory = kinds.Memory == LimitedBy.ProcessLimit ? Lower(limits.Memory, AddressSpace) : null;
        var processes = kinds.Processes == LimitedBy.ProcessLimit && limits.Processes is { } allowed ? Lower(OurProcesses() + allowed, NumberOfProcesses) : null;
        return new(kinds, group, memory, processes, clock);
    }

    private (ControlGroup?, LimitKinds) Group(ResourceLimits limits)
    {
        var kinds = Kinds(_groups);
        if (_groups is null || !Any(LimitedBy.ControlGroup, kinds, limits)) return (null, kinds);
        try
        {
            return (_groups.Create(limits), kinds);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, Kinds(null));
        }
    }

    private static bool Any(LimitedBy by, LimitKinds kinds, ResourceLimits limits)
        => (limits.Memory is not null && kinds.Memory == by) || (limits.Cpu is not null && kinds.Cpu == by) || (limits.Processes is not null && kinds.Processes == by);

    private static LimitKinds Kinds(ControlGroups? groups) => new(
        groups is { Memory: true } ? LimitedBy.ControlGroup : LimitedBy.ProcessLimit,

        // RLIMIT_CPU is how many seconds a process may compute in all: something else.
        groups is { Cpu: true } ? LimitedBy.ControlGroup : LimitedBy.Nothing,

        // The kernel does not count root's processes.
        groups is { Processes: true } ? LimitedBy.ControlGroup : Environment.IsPrivilegedProcess ? LimitedBy.Nothing : LimitedBy.ProcessLimit);

    /// <summary>A limit that is not above what this process may set.</summary>
    private static unsafe long? Lower(long? limit, int resource)
    {
        var now = stackalloc ulong[2];
        if (limit is not { } asked || LibC.GetLimit(resource, now) != 0) return limit;
        return (long)Math.Min((ulong)asked, now[1]);
    }

    /// <summary>How many processes and threads this user has, which is what the kernel's limit counts.</summary>
    private static long OurProcesses()
    {
        var (user, _) = Status("/proc/self/status");
        var count = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(folder.AsSpan())[0])) continue;
            var (owner, threads) = Status($"{folder}/status");
            if (owner == user) count += threads;
        }

        return count;
    }

    private static (long User, long Threads) Status(string path)
    {
        try
        {
            var status = File.ReadAllBytes(path).AsSpan();
            return (Field(status, "\nUid:\t"u8), Field(status, "\nThreads:\t"u8));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return (-1, 0);
        }
    }

    private static long Field(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name)
        => status.IndexOf(name) is var at and >= 0 && Utf8Parser.TryParse(status[(at + name.Length)..], out long value, out _) ? value : -1;
}
