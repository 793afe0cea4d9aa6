using System.Runtime.InteropServices;

namespace Lockstep.Processes.Native;

/// <summary>What <c>poll</c> is asked and answers for one descriptor.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public const short Readable = 0x1;
    public const short Writable = 0x4;

    public int Descriptor;
    public short Asked;
    public short Answered;
}

/// <summary>The C library's calls, as 64-bit Linux declares them, for glibc and musl alike.</summary>
internal static unsafe partial class LibC
{
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int ReadWrite = 2;
    public const int NoControllingTerminal = 0x100;

    public const int DuplicateCloseOnExec = 1030;
    public const int GetFlags = 3;
    public const int SetFlags = 4;

    public const nuint BytesReadable = 0x541B;
    public const nuint GetWindowSize = 0x5413;
    public const nuint SetWindowSize = 0x5414;

    public const int NoHang = 1;
    public const int WaitForProcess = 1;
    public const int WaitAnswerSize = 128;

    private const string Library = "libc";
    private const nint PidFdOpenCall = 434;

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenNew(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true)]
    public static partial int MemoryFile(byte* name, uint flags);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int descriptor, long offset, int whence);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FileControl(int descriptor, int command, nint argument);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int DeviceControl(int descriptor, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitProcess(int process, int* status, int options);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitAny(int kind, int id, byte* answer, int options);

    [LibraryImport(Library, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(string path, int mode);

    [LibraryImport(Library, EntryPoint = "signal")]
    public static partial nint SetSignalHandler(int signal, nint handler);

    [LibraryImport(Library, EntryPoint = "sigaction")]
    public static partial int SignalAction(int signal, void* action, void* previous);

    [LibraryImport(Library, EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport(Library, EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveFolder(string path);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetLimit(int resource, ulong* softAndHard);

    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileSystem(string path, void* answer);

    [LibraryImport(Library, EntryPoint = "getxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ExtendedAttribute(string path, string name, byte* value, nuint size);

    /// <summary>A descriptor that becomes readable when the process ends; -1 with <c>ENOSYS</c> before Linux 5.3.</summary>
    public static int OpenProcess(int process) => (int)SystemCall(PidFdOpenCall, process, 0);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);
}
