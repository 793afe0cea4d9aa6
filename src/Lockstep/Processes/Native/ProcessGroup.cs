using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Lockstep.Processes.Native;

/// <summary>
/// A process group. Its number can't come to mean another while a member lives or its leader is not yet reaped: the kernel keeps a
/// number as long as anything uses it as process, group or session.
/// </summary>
internal readonly record struct ProcessGroup(int Id)
{
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
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                var name = Path.GetFileName(folder.AsSpan());
                if (char.IsAsciiDigit(name[0]) && LivesHere(folder)) return true;
            }
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private unsafe bool LivesHere(string folder)
    {
        // The name is at most 64 bytes, so what is looked for is in the first few hundred.
        const int Enough = 512;
        var buffer = stackalloc byte[Enough];
        var file = LibC.Open(folder + "/stat", LibC.CloseOnExec);
        if (file < 0) return false;
        var count = (int)LibC.Read(file, buffer, Enough);
        _ = LibC.Close(file);
        if (count <= 0) return false;

        // "pid (name) state parent group …": the name may itself hold blanks and brackets.
        var stat = new ReadOnlySpan<byte>(buffer, count);
        var rest = stat[(stat.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        if (rest.Length < 2 || rest[0] is (byte)'Z' or (byte)'X') return false;
        for (var field = 0; field < 2; field++) rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(rest, out int group, out _) && group == Id;
    }
}
