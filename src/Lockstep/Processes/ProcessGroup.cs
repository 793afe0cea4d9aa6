using System.Globalization;
using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes;

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

    private bool LivesHere(string folder)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(folder + "/stat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        // "pid (name) state parent group …": the name may itself hold blanks and brackets.
        var rest = stat.AsSpan(stat.LastIndexOf(')') + 1).Trim();
        if (rest.Length < 2 || rest[0] is 'Z' or 'X') return false;
        var fields = rest.Split(' ');
        for (var i = 0; i < 3; i++)
            if (!fields.MoveNext()) return false;
        return int.TryParse(rest[fields.Current], CultureInfo.InvariantCulture, out var group) && group == Id;
    }
}
