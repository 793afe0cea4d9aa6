using Lockstep.Plans;
using Lockstep.Workspaces;
using Microsoft.Win32.SafeHandles;

namespace Lockstep.Sqlite.Logs;

/// <summary>The output of one run's steps: a file for each step and attempt, made at its first byte.</summary>
/// <remarks>Nothing is held back in memory: what a step has printed can be read while it runs, and survives the death of the process.</remarks>
internal sealed class StepLogs(string folder) : IDisposable
{
    private readonly Dictionary<(StepId Step, string Attempt), OpenLog> _open = [];

    public static string PathOf(string folder, StepId step, string attempt) => Path.Join(folder, LogName.Of(step, attempt));

    public void Append(StepId step, string attempt, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (!_open.TryGetValue((step, attempt), out var log)) _open.Add((step, attempt), log = Open(step, attempt));
        log.Append(bytes);
    }

    /// <summary>A step's attempt prints no more.</summary>
    public void Close(StepId step, string attempt)
    {
        if (_open.Count > 0 && _open.Remove((step, attempt), out var log)) log.File.Dispose();
    }

    public void Dispose()
    {
        foreach (var log in _open.Values) log.File.Dispose();
        _open.Clear();
    }

    private OpenLog Open(StepId step, string attempt)
    {
        var path = PathOf(folder, step, attempt);
        try
        {
            return OpenLog.At(path);
        }
        catch (DirectoryNotFoundException)
        {
            PrivateFolder.Create(folder);
            return OpenLog.At(path);
        }
    }

    private sealed class OpenLog(SafeFileHandle file, long end)
    {
        private long _end = end;

        public SafeFileHandle File { get; } = file;

        public static OpenLog At(string path)
        {
            var file = System.IO.File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return new(file, RandomAccess.GetLength(file));
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(File, bytes, _end);
            _end += bytes.Length;
        }
    }
}
