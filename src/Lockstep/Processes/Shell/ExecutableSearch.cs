using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes.Shell;

/// <summary>What a search for a program found. Closed.</summary>
internal abstract record SearchResult
{
    private SearchResult() { }

    /// <summary>A file that may be executed.</summary>
    /// <param name="Path">Its absolute path.</param>
    internal sealed record Found(string Path) : SearchResult;

    /// <summary>Only a file, or a directory, that may not be executed.</summary>
    /// <param name="Path">Its absolute path.</param>
    internal sealed record NotExecutable(string Path) : SearchResult;

    /// <summary>Nothing of this name.</summary>
    internal sealed record NotFound : SearchResult;
}

/// <summary>
/// Looks programs up as a shell does. What <c>PATH</c> says is read once for each <c>PATH</c>; the file system is asked each time, because a
/// step may install what the next one calls.
/// </summary>
internal sealed class ExecutableSearch
{
    /// <summary>Where programs are looked for when there is no <c>PATH</c>.</summary>
    public const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    private const int MayExecute = 1;

    private readonly Dictionary<string, string[]> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _held = new(StringComparer.Ordinal);

    /// <summary>Finds a program.</summary>
    /// <param name="name">A name to look for in <paramref name="path"/>, or with a slash in it a path.</param>
    /// <param name="path">The value of <c>PATH</c>; null for <see cref="DefaultPath"/>. An empty part is the directory.</param>
    /// <param name="directory">The absolute path that relative paths start from.</param>
    public SearchResult Find(string name, string? path, string directory)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal)) return new SearchResult.NotFound();
        if (name.Contains('/', StringComparison.Ordinal))
        {
            var file = Path.Combine(directory, name);
            return MayBeExecuted(file, out _) ? new SearchResult.Found(file)
                : File.Exists(file) || Directory.Exists(file) ? new SearchResult.NotExecutable(file)
                : new SearchResult.NotFound();
        }

        string? refused = null;
        foreach (var folder in Folders(path ?? DefaultPath))
        {
            var file = Path.Combine(Path.IsPathRooted(folder) ? folder : Path.Combine(directory, folder), name);
            if (MayBeExecuted(file, out var error)) return new SearchResult.Found(file);
            if (refused is null && error == Errno.AccessDenied && File.Exists(file)) refused = file;
        }
        return refused is null ? new SearchResult.NotFound() : new SearchResult.NotExecutable(refused);
    }

    /// <summary>
    /// Whether a program's file holds a word, read once for each program: a shell that knows an option holds its name. That takes a tenth
    /// of the time of starting the shell to ask it.
    /// </summary>
    /// <param name="executable">An absolute path.</param>
    /// <param name="word">The same at every call.</param>
    public bool Holds(string executable, ReadOnlySpan<byte> word)
    {
        if (_held.TryGetValue(executable, out var holds)) return holds;
        try
        {
            holds = File.ReadAllBytes(executable).AsSpan().IndexOf(word) >= 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // One that may be executed but not read is not known to hold it.
        }
        _held.Add(executable, holds);
        return holds;
    }

    private string[] Folders(string path)
    {
        if (!_folders.TryGetValue(path, out var folders)) _folders.Add(path, folders = path.Split(':'));
        return folders;
    }

    /// <summary>Directories may be "executed" too, so the rarer question, whether it is a file, comes second.</summary>
    private static bool MayBeExecuted(string file, out int error)
    {
        error = LibC.Access(file, MayExecute) == 0 ? 0 : Marshal.GetLastPInvokeError();
        return error == 0 && File.Exists(file);
    }
}
