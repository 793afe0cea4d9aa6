using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lockstep.Workspaces;

/// <summary>A hold on a file by <c>flock</c>: the kernel ends it with the process, however that dies. Children don't inherit it.</summary>
internal sealed class FileLock : IDisposable
{
    private const int PrivateToUser = 0b110_000_000;
    private const int LongestText = 4096;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly SafeFileHandle _handle;

    private FileLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>The open file: a process that inherits it holds the lock too, until it ends or the lock is disposed here.</summary>
    public SafeFileHandle Handle => _handle;

    /// <summary>Takes the lock at once, or gives null when another holds it. The file is made if it is missing; its folder must exist.</summary>
    /// <param name="path">The file, never deleted afterwards: deleting it would let two hold a lock of one name.</param>
    /// <param name="shared">Whether others may hold it too, if they also share.</param>
    /// <exception cref="IOException">The file can't be opened, or its file system has no locks.</exception>
    public static FileLock? TryTake(string path, bool shared = false)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Locks across processes are supported on Linux only.");

        var handle = Libc.Open(path, Libc.ReadWrite | Libc.Create | Libc.CloseOnExec, PrivateToUser);
        if (handle.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new IOException($"the lock file {path} can't be opened: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        while (Libc.Flock(handle, (shared ? Libc.LockShared : Libc.LockExclusive) | Libc.LockNonBlocking) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.Interrupted) continue;
            handle.Dispose();
            return error == Libc.WouldBlock
                ? null
                : throw new IOException($"{path} can't be locked: {Marshal.GetPInvokeErrorMessage(error)}; keep it on a local disk");
        }

        return new FileLock(handle);
    }

    /// <summary>Takes the lock as soon as it is free, asking again after pauses that grow to 100 ms. Null when the time is up.</summary>
    /// <param name="path">As for <see cref="TryTake"/>.</param>
    /// <param name="shared">As for <see cref="TryTake"/>.</param>
    /// <param name="timeout">How long to wait; zero asks once.</param>
    /// <param name="clock">The clock of the wait.</param>
    /// <param name="busy">Called each time another holds it.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public static async Task<FileLock?> TakeAsync(
        string path, bool shared, TimeSpan timeout, TimeProvider clock, Action? busy, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            cancel.ThrowIfCancellationRequested();
            if (TryTake(path, shared) is { } taken) return taken;
            busy?.Invoke();
            var left = timeout - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) return null;
            await Task.Delay(left < pause ? left : pause, clock, cancel);
        }
    }

    /// <summary>Replaces the file's text. Who reads it meanwhile may see part of it.</summary>
    public void Write(string text)
    {
        RandomAccess.SetLength(_handle, 0);
        RandomAccess.Write(_handle, Encoding.UTF8.GetBytes(text), 0);
    }

    /// <summary>As <see cref="Write"/>, where the text only informs: that the disk is full does not matter.</summary>
    public void Tell(string text)
    {
        try
        {
            Write(text);
        }
        catch (IOException)
        {
            // The lock is held all the same, and who waits for it is told of no holder.
        }
    }

    /// <summary>The first 4 KiB of a lock's file, whoever holds it; empty when it can't be read.</summary>
    /// <remarks>Not through the platform's file streams: they take a shared lock of their own on what they read.</remarks>
    public static string ReadText(string path)
    {
        using var handle = Libc.Open(path, Libc.ReadOnly | Libc.CloseOnExec, 0);
        if (handle.IsInvalid) return "";
        var buffer = new byte[LongestText];
        return Encoding.UTF8.GetString(buffer, 0, RandomAccess.Read(handle, buffer, 0));
    }

    public void Dispose()
    {
        if (_handle.IsClosed) return;
        // Closing alone would leave it held by a child that another thread has just forked and that has not come to its exec.
        _ = Libc.Flock(_handle, Libc.LockRelease);
        _handle.Dispose();
    }
}
