using System.Globalization;
using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes.Limits;

/// <summary>What a control group has counted.</summary>
/// <param name="OutOfMemory">Whether the kernel killed in it because its memory was used up.</param>
/// <param name="ProcessesRefused">Whether a process in it could not be started because it had as many as it may.</param>
internal readonly record struct ControlGroupFindings(bool OutOfMemory, bool ProcessesRefused);

/// <summary>A control group (cgroup v2) of our own, made for one step.</summary>
internal sealed class ControlGroup
{
    private const int PeriodMicroseconds = 100_000;
    private const int Tries = 100;
    private const int WriteOnly = 1;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);

    private ControlGroup(string folder) => Folder = folder;

    /// <summary>Its folder. A process that writes <c>0</c> to <c>cgroup.procs</c> there joins it.</summary>
    public string Folder { get; }

    /// <summary>Makes one with limits.</summary>
    /// <exception cref="IOException">It can't be made, or not all of its limits can be set; then it is gone again.</exception>
    public static ControlGroup Create(string folder, ResourceLimits limits)
    {
        Directory.CreateDirectory(folder);
        var group = new ControlGroup(folder);
        try
        {
            if (limits.Memory is { } memory)
            {
                group.Set("memory.max", memory);

                // Kernels without swap accounting or without this switch have no such files, and are no less limited for it.
                group.TrySet("memory.swap.max", 0);
                group.TrySet("memory.oom.group", 1);
            }

            if (limits.Cpu is { } cpu) Write(Path.Combine(folder, "cpu.max"), string.Create(CultureInfo.InvariantCulture, $"{(long)(cpu * PeriodMicroseconds)} {PeriodMicroseconds}"));
            if (limits.Processes is { } processes) group.Set("pids.max", processes);
            return group;
        }
        catch
        {
            group.TryRemove();
            throw;
        }
    }

    /// <summary>What happened in it so far.</summary>
    public ControlGroupFindings Findings() => new(Counted("memory.events", "oom_kill ") > 0, Counted("pids.events", "max ") > 0);

    /// <summary>Kills what is left in it and removes it. What can't be removed stays, empty, until the next run with limits.</summary>
    public async ValueTask RemoveAsync(TimeProvider clock)
    {
        if (TryRemove()) return;

        // Since Linux 5.14; before, what left its process group is left alone, as without a limit.
        TrySet("cgroup.kill", 1);
        for (var i = 0; i < Tries && !TryRemove(); i++) await Task.Delay(BetweenTries, clock);
    }

    /// <summary>Writes to one of the kernel's files, in one piece, as they want it.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    public static unsafe void Write(string path, string text)
    {
        var file = LibC.Open(path, WriteOnly | LibC.CloseOnExec);
        if (file < 0) throw new IOException($"{path} can't be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        Span<byte> bytes = stackalloc byte[text.Length];
        System.Text.Encoding.ASCII.GetBytes(text, bytes);
        nint written;
        fixed (byte* start = bytes) written = LibC.Write(file, start, (nuint)bytes.Length);
        var error = Marshal.GetLastPInvokeError();
        _ = LibC.Close(file);
        if (written < 0) throw new IOException($"{path} refuses '{text}': {Marshal.GetPInvokeErrorMessage(error)}");
    }

    private void Set(string file, long value) => Write(Path.Combine(Folder, file), value.ToString(CultureInfo.InvariantCulture));

    private void TrySet(string file, long value)
    {
        try
        {
            Set(file, value);
        }
        catch (IOException)
        {
            // The caller says why that is no loss.
        }
    }

    private bool TryRemove() => LibC.RemoveFolder(Folder) == 0 || Marshal.GetLastPInvokeError() == Errno.NotFound;

    private long Counted(string file, string name)
    {
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
                if (line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length), CultureInfo.InvariantCulture, out var count)) return count;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without that controller there is no such file.
        }

        return 0;
    }
}
