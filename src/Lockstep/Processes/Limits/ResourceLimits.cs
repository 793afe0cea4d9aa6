namespace Lockstep.Processes.Limits;

/// <summary>What a process may use, for itself and all that it starts.</summary>
/// <param name="Memory">In bytes; null for no limit.</param>
/// <param name="Cpu">In cores; null for no limit.</param>
/// <param name="Processes">How many at once; null for no limit.</param>
internal sealed record ResourceLimits(long? Memory, decimal? Cpu, int? Processes)
{
    /// <summary>These limits inside others: of two the smaller counts.</summary>
    public ResourceLimits Within(ResourceLimits? outer) => outer is null ? this : new(
        Smaller(Memory, outer.Memory), Smaller(Cpu, outer.Cpu), Smaller(Processes, outer.Processes));

    private static T? Smaller<T>(T? one, T? other) where T : struct, IComparable<T>
        => one is not { } first ? other : other is not { } second || first.CompareTo(second) <= 0 ? first : second;
}

/// <summary>What holds a process to a limit.</summary>
internal enum LimitedBy
{
    /// <summary>Nothing can, here.</summary>
    Nothing,

    /// <summary>A limit that the kernel keeps for each process by itself, and that children inherit.</summary>
    ProcessLimit,

    /// <summary>A control group: it counts all that belongs to the step together.</summary>
    ControlGroup,
}

/// <summary>What holds processes to each limit on this machine.</summary>
/// <param name="Memory">Of memory.</param>
/// <param name="Cpu">Of cores.</param>
/// <param name="Processes">Of the number of processes.</param>
internal sealed record LimitKinds(LimitedBy Memory, LimitedBy Cpu, LimitedBy Processes);
