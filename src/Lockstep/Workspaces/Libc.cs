using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lockstep.Workspaces;

/// <summary>The C library's calls that the platform does not offer, with Linux's constants.</summary>
internal static partial class Libc
{
    public const int ReadOnly = 0, ReadWrite = 2, Create = 0x40, NoTerminal = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;
    public const int LockShared = 1, LockExclusive = 2, LockNonBlocking = 4, LockRelease = 8;
    public const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, NoDevice = 6, WouldBlock = 11, AccessDenied = 13, NotFolder = 20, LinkLoop = 40;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeFileHandle file, int operation);
}
