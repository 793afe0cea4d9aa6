using System.Runtime.InteropServices;

namespace Lockstep.Workspaces.Outputs;

/// <summary>Opens files for reading without ever waiting for the writer of a named pipe.</summary>
internal static class RegularFile
{
    /// <summary>A file's content; null when it is a pipe, a socket or a device without one.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStream? Open(string path)
    {
        if (!OperatingSystem.IsLinux())
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

        var handle = Libc.Open(path, Libc.ReadOnly | Libc.NoTerminal | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (handle.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            return error switch
            {
                Libc.NoDevice => null,
                Libc.NoEntry or Libc.NotFolder or Libc.LinkLoop => throw new FileNotFoundException($"{path} does not exist"),
                Libc.NotPermitted or Libc.AccessDenied => throw new UnauthorizedAccessException($"{path} can't be read: permission denied"),
                _ => throw new IOException($"{path} can't be read: {Marshal.GetPInvokeErrorMessage(error)}"),
            };
        }

        var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (stream.CanSeek) return stream;
        stream.Dispose();
        return null;
    }

    /// <summary>The permission bits of an open file, without set-id bits; none on Windows.</summary>
    public static UnixFileMode ModeOf(FileStream file)
        => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file.SafeFileHandle) & AllPermissions;

    /// <summary>Gives an open file its permission bits; nothing on Windows.</summary>
    public static void SetMode(FileStream file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, mode);
    }

    private const UnixFileMode AllPermissions = (UnixFileMode)0b111_111_111;
}
