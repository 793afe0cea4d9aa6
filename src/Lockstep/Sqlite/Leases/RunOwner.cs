using System.Globalization;
using System.Text;
using Lockstep.Journal;

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
        Environment.MachineName, BootNow(), NamespaceNow(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>A process that has ended, for a run that was executed elsewhere.</summary>
    public static RunOwner Nobody() => Current() with { Process = 0, Started = 1 };

    /// <summary>Whether the process has certainly ended. False where that can't be seen from here: on another machine or in another container.</summary>
    public bool IsGone()
    {
        if (Started == 0 || Machine != Environment.MachineName) return false;
        if (Boot != BootNow()) return true;
        if (Namespace != NamespaceNow()) return false;
        return StartOf(Process) != Started;
    }

    /// <summary>Whether the process certainly lives and is not stopped, as by SIGSTOP: then it executes its run, whether it says so or not.</summary>
    public bool IsAtWork()
        => Started != 0 && Machine == Environment.MachineName && Boot == BootNow() && Namespace == NamespaceNow()
            && FieldsOf(Process) is { } fields && fields[0] is not ("T" or "t") && StartIn(fields) == Started;

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

    private static string BootNow() => ReadKernel("/proc/sys/kernel/random/boot_id")?.Trim() ?? "";

    private static string NamespaceNow()
        => OperatingSystem.IsLinux() && new FileInfo("/proc/self/ns/pid").LinkTarget is { } link ? link.Replace(' ', '_') : "";

    private static long? StartOf(int process) => FieldsOf(process) is { } fields ? StartIn(fields) : null;

    /// <summary>Field 22 of the process's status (proc_pid_stat(5)).</summary>
    private static long StartIn(string[] fields) => long.Parse(fields[19], CultureInfo.InvariantCulture);

    /// <summary>The fields of the process's status from the third, its state, on; null when there is no such process.</summary>
    private static string[]? FieldsOf(int process)
    {
        if (ReadKernel($"/proc/{process}/stat") is not { } stat) return null;

        // The name, field 2, may hold spaces and brackets itself; its last bracket ends it.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

        // A process that has ended and is not yet waited for runs nothing any more.
        return fields.Length < 20 || fields[0] is "Z" or "X" ? null : fields;
    }

    /// <summary>A small file of the kernel's; null when it can't be read.</summary>
    private static string? ReadKernel(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
            Span<byte> text = stackalloc byte[1024];
            return Encoding.UTF8.GetString(text[..RandomAccess.Read(file, text, 0)]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
