using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Lockstep.Processes.Native;

/// <summary>
/// A process group. Its number can't come to mean another while a member lives or its leader is not yet reaped: the kernel keeps a
/// number as long as anything uses it as process, group or session.
/// </summary>
internal readonly record struct ProcessGroup(int Id)
{
    // The name is at most 64 bytes, so what is looked for is in the first few hundred.
    private const int StatSize = 512;
    private const int StatusSize = 4096;

    /// <summary>Sends a signal to every member.</summary>
    public void Signal(int signal) => _ = LibC.Kill(-Id, signal);

    /// <summary>Whether it has members, dead ones that no parent has reaped included.</summary>
    public bool HasMembers => LibC.Kill(-Id, 0) == 0 || Marshal.GetLastPInvokeError() == Errno.NotPermitted;

    /// <summary>Reaps members that came to us as orphans, as they do where we are the first process of a container.</summary>
    public unsafe void ReapOrphans()
    {
        int status;
        while (LibC.WaitProcess(-Id, &status, LibC.NoHang) > 0) { }
    }

    /// <summary>
    /// Whether a member really lives. Costs a walk over <c>/proc</c>; it is for the container whose first process reaps nobody,
    /// where <see cref="HasMembers"/> would stay true for ever.
    /// </summary>
    public bool HasLiveMembers()
    {
        try
        {
            return LiveMembers().Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>
    /// Ends orphans that SIGTERM would end and that live all the same: it came to them while they still had the handler of the process
    /// that forked them, before they became their own program. What a living member started, as to clean up, is left to it.
    /// </summary>
    public void TerminateOrphans()
    {
        try
        {
            var members = LiveMembers().ToDictionary(member => member.Process, member => member.Parent);
            foreach (var (process, parent) in members)
            {
                if (members.ContainsKey(parent) || !DiesOf(process, Signals.Terminate)) continue;
                _ = LibC.Kill(process, Signals.Terminate);
                _ = LibC.Kill(process, Signals.Continue);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // They are killed when the grace is over.
        }
    }

    private IEnumerable<(int Process, int Parent)> LiveMembers()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && LivesHere(process, out var parent))
                yield return (process, parent);
        }
    }

    /// <summary>Whether a process neither handles, ignores nor blocks a signal.</summary>
    private static bool DiesOf(int process, int signal)
    {
        Span<byte> buffer = stackalloc byte[StatusSize];
        var status = (ReadOnlySpan<byte>)buffer[..Read(process, "status", buffer)];
        return status.Length > 0 && !Has(status, "\nSigBlk:"u8) && !Has(status, "\nSigIgn:"u8) && !Has(status, "\nSigCgt:"u8);

        bool Has(ReadOnlySpan<byte> status, ReadOnlySpan<byte> field)
        {
            var start = status.IndexOf(field);
            return start < 0
                || !Utf8Parser.TryParse(status[(start + field.Length)..].TrimStart((byte)'\t'), out ulong mask, out _, 'x')
                || (mask & 1UL << (signal - 1)) != 0;
        }
    }

    private static unsafe int Read(int process, string name, Span<byte> buffer)
    {
        var file = LibC.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{name}"), LibC.CloseOnExec);
        if (file < 0) return 0;
        int count;
        fixed (byte* start = buffer) count = (int)LibC.Read(file, start, (nuint)buffer.Length);
        _ = LibC.Close(file);
        return Math.Max(0, count);
    }

    private bool LivesHere(int process, out int parent)
    {
        parent = 0;
        Span<byte> buffer = stackalloc byte[StatSize];
        var count = Read(process, "stat", buffer);
        if (count == 0) return false;

        // "pid (name) state parent group …": the name may itself hold blanks and brackets.
        var stat = (ReadOnlySpan<byte>)buffer[..count];
        var rest = stat[(stat.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        if (rest.Length < 2 || rest[0] is (byte)'Z' or (byte)'X') return false;
        rest = rest[2..];
        if (!Utf8Parser.TryParse(rest, out parent, out var length) || length + 1 > rest.Length) return false;
        return Utf8Parser.TryParse(rest[(length + 1)..], out int group, out _) && group == Id;
    }
}
