using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes;

/// <summary>Our end of a process's output.</summary>
internal sealed class PipeReader(ProcessLoop loop, RunningProcess owner, OutputStream stream, int descriptor, bool terminal) : Watch(descriptor)
{
    private bool _closed;

    public override void Ready()
    {
        if (!ReadOnce(out _)) Close();
    }

    /// <summary>
    /// Takes what the pipe holds now, and closes it. Not until its end: a process that escaped the group may hold the other end for
    /// ever, and what it writes later is not the step's.
    /// </summary>
    public unsafe void Drain()
    {
        if (_closed) return;
        if (terminal)
        {
            // The kernel moves a terminal's output to our side by a worker of its own, so "nothing now" is not yet "nothing more". The
            // end comes by itself unless a process that escaped holds the other side; then a moment must do.
            while (ReadOnce(out var count) && (count > 0 || WaitForMore())) { }
            Close();
            return;
        }
        int left;
        if (LibC.DeviceControl(Descriptor, LibC.BytesReadable, &left) == 0)
            while (left > 0 && ReadOnce(out var count)) left -= count;
        Close();
    }

    public void Close()
    {
        if (_closed) return;
        _closed = true;
        loop.Unwatch(this);
        _ = LibC.Close(Descriptor);
    }

    private unsafe bool WaitForMore()
    {
        const int Moment = 50;
        var entry = new PollEntry { Descriptor = Descriptor, Asked = PollEntry.Readable };
        return LibC.Poll(&entry, 1, Moment) > 0;
    }

    /// <returns>Whether there may be more.</returns>
    private unsafe bool ReadOnce(out int count)
    {
        var buffer = loop.Buffer;
        fixed (byte* start = buffer)
            count = (int)LibC.Read(Descriptor, start, (nuint)buffer.Length);
        if (count > 0)
        {
            owner.Take(stream, buffer[..count]);
            return true;
        }

        // A terminal answers EIO, not 0, once nobody holds its other side.
        return count < 0 && Marshal.GetLastPInvokeError() is Errno.Interrupted or Errno.TryAgain;
    }
}
