using System.Runtime.InteropServices;
using Lockstep.Expressions;
using Lockstep.Processes.Native;
using Microsoft.Win32.SafeHandles;

namespace Lockstep.Values;

/// <summary><c>@file</c>, and secrets from a file: the trimmed text of a regular file of at most 1 MiB.</summary>
internal static class FileValue
{
    public static ValueResolution Resolve(FileExpression expression, ValueSurroundings around)
        => Read(expression, expression.Path, around, out var text) is { } failed
            ? failed
            : new ValueKnown(new ResolvedValue(text, ValueSource.File, around.Clock.GetUtcNow()));

    /// <summary>Reads a file for an expression; null when that went well.</summary>
    public static ValueFailed? Read(ValueExpression expression, string path, ValueSurroundings around, out string text)
    {
        text = "";
        if (path.Length == 0 || path.Contains('\0'))
            return ValueResolver.Failed(expression, "the path is empty or holds a NUL character", "write the path of a file");
        var full = Path.GetFullPath(path, around.Directory);
        if (Directory.Exists(full))
            return ValueResolver.Failed(expression, $"{full} is a directory", "name a file in it");

        try
        {
            using var stream = Open(full);
            // A pipe or a terminal would make a plan wait for its writer.
            if (!stream.CanSeek)
                return ValueResolver.Failed(expression, $"{full} is a pipe or a device", "name a regular file");
            var bytes = ValueText.ReadUpToLimit(stream, stream.Length);
            if (bytes.Length > ValueText.MaxBytes)
                return ValueResolver.Failed(expression, $"{full} is larger than 1 MiB", "use the file itself in the command");
            if (ValueText.Decode(bytes.Span) is not { } decoded)
                return ValueResolver.Failed(expression, $"{full} is not UTF-8 text", "use the file itself in the command");
            text = decoded.Trim();
            return null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return ValueResolver.Failed(expression, $"{full} does not exist", "create it, or correct the path, which is relative to the definition file");
        }
        catch (UnauthorizedAccessException)
        {
            return ValueResolver.Failed(expression, $"{full} can't be read: permission denied", "give this user the permission to read it");
        }
        catch (IOException error)
        {
            return ValueResolver.Failed(expression, $"{full} can't be read: {error.Message}", "check the file and the disk it is on");
        }
    }

    private static FileStream Open(string path)
    {
        if (!OperatingSystem.IsLinux())
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

        var handle = new SafeFileHandle(LibC.Open(path, LibC.NoControllingTerminal | LibC.NonBlocking | LibC.CloseOnExec), ownsHandle: true);
        if (!handle.IsInvalid) return new FileStream(handle, FileAccess.Read, bufferSize: 0);

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw error switch
        {
            2 or 20 => new FileNotFoundException(),
            1 or 13 => new UnauthorizedAccessException(),
            _ => new IOException(Marshal.GetPInvokeErrorMessage(error)),
        };
    }
}
