using System.Runtime.InteropServices;
using Lockstep.Processes.Native;
using Microsoft.Win32.SafeHandles;

namespace Lockstep.Processes;

/// <summary>One end of a pipe between processes, or a file that stands for one.</summary>
internal sealed class PipeEnd(SafeFileHandle handle) : IDisposable
{
    private const int WriteOnly = 1, Create = 0x40, AtEnd = 0x400;
    private const int OwnerWritesAllRead = 0x1B6;

    private readonly bool _nowhere;

    private PipeEnd(SafeFileHandle handle, bool nowhere) : this(handle) => _nowhere = nowhere;

    public SafeFileHandle Handle => handle;

    /// <summary>Nothing to read from, and nothing that is written to it goes anywhere.</summary>
    public static PipeEnd Nowhere() => new(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite), nowhere: true);

    /// <summary>A new pipe; what is written to one end is read from the other. Not inherited unless given to a process.</summary>
    /// <exception cref="IOException">No more descriptors.</exception>
    public static unsafe (PipeEnd Read, PipeEnd Write) CreatePipe()
    {
        var ends = stackalloc int[2];
        if (LibC.Pipe(ends, LibC.CloseOnExec) != 0)
            throw new IOException($"can't make a pipe: {Marshal.GetLastPInvokeErrorMessage()}; run fewer steps at once, or raise the limit (ulimit -n)");
        return (new PipeEnd(new SafeFileHandle(ends[0], ownsHandle: true)), new PipeEnd(new SafeFileHandle(ends[1], ownsHandle: true)));
    }

    /// <summary>A file to write at the end of, made when it is not there; or a named pipe that is read.</summary>
    /// <exception cref="IOException">It can't be opened, or is a named pipe that nobody reads: to wait for a reader would keep all that runs.</exception>
    public static PipeEnd Append(string path)
    {
        var descriptor = LibC.OpenNew(path, WriteOnly | Create | AtEnd | LibC.NonBlocking | LibC.NoControllingTerminal | LibC.CloseOnExec, OwnerWritesAllRead);
        if (descriptor < 0)
        {
            throw new IOException(Marshal.GetLastPInvokeError() == Errno.NoDevice
                ? "it is a named pipe that nobody reads, or a device that is not there; start its reader first"
                : Marshal.GetLastPInvokeErrorMessage());
        }
        _ = LibC.FileControl(descriptor, LibC.SetFlags, WriteOnly | AtEnd);
        return new PipeEnd(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <exception cref="IOException">Nobody reads it any more, or the disk is full.</exception>
    public unsafe void Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (nint done = 0; done < bytes.Length;)
            {
                var written = LibC.Write((int)handle.DangerousGetHandle(), start + done, (nuint)(bytes.Length - done));
                if (written < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted) continue;
                if (written < 0) throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                done += written;
            }
        }
    }

    /// <summary>Writes without keeping the calling thread: its reader may be slow, or not there yet.</summary>
    /// <exception cref="IOException">As for <see cref="Write"/>.</exception>
    public Task WriteAsync(byte[] bytes)
    {
        if (!_nowhere) return Task.Run(() => Write(bytes));
        Write(bytes);
        return Task.CompletedTask;
    }

    public void Dispose() => handle.Dispose();
}
