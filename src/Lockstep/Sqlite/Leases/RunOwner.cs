using System.Globalization;
using Lockstep.Journal;
using Lockstep.Workspaces;

namespace Lockstep.Sqlite.Leases;

/// <summary>The process that executes a run, so that it can be told apart from a later one with the same number.</summary>
/// <param name="Machine">The host's name.</param>
/// <param name="Boot">The kernel's id of this boot; empty where there is none.</param>
/// <param name="Namespace">The namespace that process numbers belong to; empty where there is none.</param>
/// <param name="Process">The process number.</param>
/// <param name="Started">When it started, in the kernel's ticks since boot; 0 where that is not known.</param>
internal sealed record RunOwner(string Machine, string Boot, string Namespace, int Process, long Started)
{
    public static RunOwner Current() => new(
        Environment.MachineName, BootNow(), NamespaceNow(), Environment.ProcessId, ProcessStatus.StartOf(Environment.ProcessId) ?? 0);

    /// <summary>A process that has ended, for a run that was executed elsewhere.</summary>
    public static RunOwner Nobody() => Current() with { Process = 0, Started = 1 };

    /// <summary>Whether the process has certainly ended. False where that can't be seen from here: on another machine or in another container.</summary>
    public bool IsGone()
    {
        if (Started == 0 || Machine != Environment.MachineName) return false;
        if (Boot != BootNow()) return true;
        if (Namespace != NamespaceNow()) return false;
        return ProcessStatus.StartOf(Process) != Started;
    }

    /// <summary>Whether the process certainly lives and is not stopped, as by SIGSTOP: then it executes its run, whether it says so or not.</summary>
    public bool IsAtWork()
        => Started != 0 && Machine == Environment.MachineName && Boot == BootNow() && Namespace == NamespaceNow()
            && ProcessStatus.IsAtWork(Process, Started);

    public override string ToString() => $"{Process} {Started} {Boot} {Namespace} {Machine}";

    /// <summary>What <see cref="ToString"/> wrote.</summary>
    public static RunOwner Parse(string text)
    {
        var parts = text.Split(' ', 5);
        return parts.Length == 5
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
                ? new(parts[4], parts[2], parts[3], process, started)
                : throw new JournalException($"the store names an owner of a run that can't be read: '{text}'");
    }

    private static string BootNow() => ProcessStatus.ReadKernel("/proc/sys/kernel/random/boot_id")?.Trim() ?? "";

    private static string NamespaceNow()
        => OperatingSystem.IsLinux() && new FileInfo("/proc/self/ns/pid").LinkTarget is { } link ? link.Replace(' ', '_') : "";
}
