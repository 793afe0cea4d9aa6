using System.Globalization;
using System.Text;

namespace Lockstep.Workspaces;

/// <summary>What the kernel tells of a process; nothing on other systems than Linux.</summary>
internal static class ProcessStatus
{
    /// <summary>When a process started, in ticks since boot: with its number it names the process for good, since numbers come round again. Null when it has ended.</summary>
    public static long? StartOf(int process) => FieldsOf(process) is { } fields ? StartIn(fields) : null;

    /// <summary>Whether the process that started then lives and is not stopped, as by SIGSTOP.</summary>
    public static bool IsAtWork(int process, long started) => FieldsOf(process) is { } fields && fields[0] is not ("T" or "t") && StartIn(fields) == started;

    /// <summary>A small file of the kernel's; null when it can't be read.</summary>
    public static string? ReadKernel(string path)
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
}
