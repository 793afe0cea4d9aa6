using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Cli.Terminal;

/// <summary>The few calls of the C library that terminals and closed pipes need and that .NET does not offer.</summary>
internal static unsafe partial class Native
{
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int BadDescriptor = 9;
    public const int WouldBlock = 11;
    public const int BrokenPipe = 32;
    private const short PollRead = 1;
    private const short PollWrite = 4;

    public static bool IsTerminal(int descriptor) => !OperatingSystem.IsWindows() && Isatty(descriptor) == 1;

    /// <summary>Columns and rows of the terminal; null where it does not tell.</summary>
    public static (int Columns, int Rows)? Size(int descriptor)
    {
        var request = OperatingSystem.IsLinux() ? 0x5413u : 0x40087468u;
        var size = stackalloc ushort[4];
        if (Ioctl(descriptor, request, size) != 0 || size[1] == 0) return null;
        return (size[1], size[0] == 0 ? 24 : size[0]);
    }

    /// <summary>Writes once; how much went, or the negative error number.</summary>
    public static nint Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var written = WriteOnce(descriptor, first, (nuint)bytes.Length);
            return written >= 0 ? written : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Reads once; how much came, 0 at the end, or the negative error number.</summary>
    public static nint Read(int descriptor, Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var read = ReadOnce(descriptor, first, (nuint)bytes.Length);
            return read >= 0 ? read : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Waits until one of two descriptors has something to read, or its other end is gone.</summary>
    public static void WaitForInput(int one, int other)
    {
        var entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = one, Events = PollRead };
        entries[1] = new PollEntry { Descriptor = other, Events = PollRead };
        _ = Poll(entries, 2, -1);
    }

    /// <summary>Waits until a descriptor that does not block can take more.</summary>
    public static void WaitForRoom(int descriptor)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = PollWrite };
        _ = Poll(&entry, 1, -1);
    }

    /// <summary>Leaves the terminal: a session of its own, and the null device as standard streams.</summary>
    public static void Detach()
    {
        _ = NewSession();
        var nothing = LibC.Open("/dev/null", LibC.ReadWrite);
        if (nothing < 0) return;
        for (var descriptor = 0; descriptor < 3; descriptor++) _ = Duplicate(nothing, descriptor);
        if (nothing > 2) _ = Close(nothing);
    }

    public static bool Signal(int process, int signal) => Kill(process, signal) == 0;

    /// <summary>Where a symbolic link points to; null when it can't be read.</summary>
    public static string? LinkTarget(string path)
    {
        var target = stackalloc byte[1024];
        var length = ReadLink(path, target, 1024);
        return length <= 0 ? null : System.Text.Encoding.UTF8.GetString(target, (int)length);
    }

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Seen;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int Isatty(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteOnce(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadOnce(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, byte* target, nuint size);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
