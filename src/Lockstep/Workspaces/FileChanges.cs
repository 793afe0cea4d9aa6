using Lockstep.Workspaces.Globs;

namespace Lockstep.Workspaces;

/// <summary>Tells of changes to files that match a pattern, once they have been quiet for a while.</summary>
internal sealed class FileChanges : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly TimeSpan _quiet;
    private readonly GlobSet _pattern;
    private readonly string _directory;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TaskCompletionSource<string>? _waiting;
    private string? _changed;
    private bool _settled;

    public FileChanges(string directory, GlobSet pattern, TimeSpan quiet, TimeProvider clock)
    {
        _directory = directory;
        _pattern = pattern;
        _quiet = quiet;
        _timer = clock.CreateTimer(_ => Settle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watcher = new FileSystemWatcher(directory)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Changed += (_, e) => Note(e.FullPath);
        _watcher.Created += (_, e) => Note(e.FullPath);
        _watcher.Deleted += (_, e) => Note(e.FullPath);
        _watcher.Renamed += (_, e) => Note(e.FullPath);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>The path, relative to the directory, of the last of the next changes; a change that came since the last call counts.</summary>
    public async Task<string> NextAsync(CancellationToken cancellation)
    {
        TaskCompletionSource<string> waiting;
        lock (_gate)
        {
            waiting = _waiting = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_settled) Release();
        }
        await using var registration = cancellation.Register(() => waiting.TrySetCanceled(cancellation));
        return await waiting.Task;
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _timer.Dispose();
    }

    private void Note(string path)
    {
        var relative = Path.GetRelativePath(_directory, path);
        if (!_pattern.IsMatch(relative)) return;
        lock (_gate)
        {
            _changed = relative;
            _settled = false;
            _timer.Change(_quiet, Timeout.InfiniteTimeSpan);
        }
    }

    private void Settle()
    {
        lock (_gate)
        {
            _settled = _changed is not null;
            if (_settled) Release();
        }
    }

    private void Release()
    {
        if (_waiting is null || _changed is null) return;
        _waiting.TrySetResult(_changed);
        _waiting = null;
        _changed = null;
        _settled = false;
    }
}
