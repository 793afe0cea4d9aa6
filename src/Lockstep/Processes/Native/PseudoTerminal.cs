using System.Runtime.InteropServices;
using System.Text;

namespace Lockstep.Processes.Native;

/// <summary>The C library's calls for terminals. A mode is an opaque buffer, save for what is read from it here.</summary>
internal static unsafe partial class PseudoTerminal
{
    // glibc and musl both need 60.
    private const int ModeSize = 128;
    private const int LocalFlags = 3 * sizeof(uint);
    private const int ControlCharacters = 4 * sizeof(uint) + 1;
    private const uint MakesSignals = 1;
    private const int AfterOutput = 1;

    private const string Library = "libc";

    /// <summary>Opens a new terminal.</summary>
    /// <returns>Our side, and the path of the other; -1 when the system refuses, with the error number set.</returns>
    public static int Open(out string path)
    {
        const int PathSize = 64;
        path = "";
        var ours = OpenMaster(LibC.ReadWrite | LibC.NoControllingTerminal | LibC.CloseOnExec);
        if (ours < 0) return -1;
        var name = stackalloc byte[PathSize];
        if (Grant(ours) != 0 || Unlock(ours) != 0 || Name(ours, name, PathSize) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            _ = LibC.Close(ours);
            Marshal.SetLastPInvokeError(error);
            return -1;
        }
        path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        _ = LibC.FileControl(ours, LibC.SetFlags, LibC.FileControl(ours, LibC.GetFlags, 0) | LibC.NonBlocking);
        return ours;
    }

    /// <summary>How a terminal treats keys and output; null when the descriptor is no terminal.</summary>
    public static byte[]? Mode(int terminal)
    {
        var mode = new byte[ModeSize];
        fixed (byte* start = mode) return GetMode(terminal, start) == 0 ? mode : null;
    }

    /// <summary>Sets a mode that <see cref="Mode"/> gave, once what was written has been shown.</summary>
    public static void SetMode(int terminal, byte[] mode)
    {
        fixed (byte* start = mode) _ = SetMode(terminal, AfterOutput, start);
    }

    /// <summary>The same mode, but every key is passed on as it is.</summary>
    public static byte[] Raw(byte[] mode)
    {
        var raw = (byte[])mode.Clone();
        fixed (byte* start = raw) MakeRaw(start);
        return raw;
    }

    /// <summary>The key that makes an interrupt in this mode; null when keys make no signals.</summary>
    public static byte? InterruptKey(byte[] mode) =>
        (BitConverter.ToUInt32(mode, LocalFlags) & MakesSignals) == 0 ? null : mode[ControlCharacters];

    /// <summary>Gives one terminal the size of another.</summary>
    public static void CopySize(int from, int to)
    {
        ulong size;
        if (LibC.DeviceControl(from, LibC.GetWindowSize, &size) == 0) _ = LibC.DeviceControl(to, LibC.SetWindowSize, &size);
    }

    /// <summary>Whether a descriptor is our terminal and we are the group in its foreground.</summary>
    public static bool IsForeground(int terminal) => ForegroundGroup(terminal) is > 0 and var group && group == OurGroup();

    /// <summary>Puts a group of our session in the foreground of our terminal, from the background too.</summary>
    public static void SetForeground(int terminal, int group)
    {
        const nint Ignored = 1;
        var before = LibC.SetSignalHandler(Signals.TerminalOutput, Ignored);
        _ = SetForegroundGroup(terminal, group);
        _ = LibC.SetSignalHandler(Signals.TerminalOutput, before);
    }

    /// <summary>The group in the foreground of our terminal; -1 for a descriptor that is not our terminal.</summary>
    [LibraryImport(Library, EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundGroup(int terminal);

    [LibraryImport(Library, EntryPoint = "getpgrp")]
    public static partial int OurGroup();

    [LibraryImport(Library, EntryPoint = "tcsetpgrp")]
    private static partial int SetForegroundGroup(int terminal, int group);

    [LibraryImport(Library, EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport(Library, EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int terminal);

    [LibraryImport(Library, EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int terminal);

    [LibraryImport(Library, EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int Name(int terminal, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "tcgetattr")]
    private static partial int GetMode(int terminal, byte* mode);

    [LibraryImport(Library, EntryPoint = "tcsetattr")]
    private static partial int SetMode(int terminal, int when, byte* mode);

    [LibraryImport(Library, EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* mode);
}
