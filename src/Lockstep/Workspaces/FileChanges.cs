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
    private readonly List<string> _changed = [];
    private TaskCompletionSource<ChangedFiles>? _waiting;
    private IOException? _failure;
    private bool _more;
    private bool _any;
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
        _watcher.Error += (_, e) => Missed(e.GetException());
        try
        {
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException error)
        {
            _failure = CannotWatch(error);
        }
    }

    /// <summary>What changes next, once it is quiet; changes that came since the last call count.</summary>
    /// <exception cref="IOException">The system watches no more folders; the message says what to do.</exception>
    public async Task<ChangedFiles> NextAsync(CancellationToken cancellation)
    {
        TaskCompletionSource<ChangedFiles> waiting;
        lock (_gate)
        {
            waiting = _waiting = new TaskCompletionSource<ChangedFiles>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_failure is not null) waiting.SetException(_failure);
            else if (_settled) Release();
        }
        await using var registration = cancellation.Register(() => waiting.TrySetCanceled(cancellation));
        return await waiting.Task;
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _timer.Dispose();
    }

    /// <summary>Takes what went wrong with the watching: changes may have been lost, or no more are told.</summary>
    internal void Missed(Exception problem)
    {
        lock (_gate)
        {
            if (problem is InternalBufferOverflowException)
            {
                // Which files changed is lost, and one that matters may be among them.
                _changed.Clear();
                _more = true;
                Changed();
                return;
            }
            _failure ??= CannotWatch(problem);
            _waiting?.TrySetException(_failure);
            _waiting = null;
        }
    }

    private IOException CannotWatch(Exception problem) => new(
        $"can't watch {_directory} and the folders in it for changes: {problem.Message.TrimEnd('.')}; " +
        "raise the limits, such as `sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=1024`, or end other programs that watch files", problem);

    private void Note(string path)
    {
        var relative = Path.GetRelativePath(_directory, path);
        if (!_pattern.IsMatch(relative)) return;
        lock (_gate)
        {
            // Once names were lost, those that come after are no more than a part.
            if (!(_more && _changed.Count == 0) && !_changed.Contains(relative))
            {
                if (_changed.Count < ChangedFiles.Most) _changed.Add(relative);
                else _more = true;
            }
            Changed();
        }
    }

    private void Changed()
    {
        _any = true;
        _settled = false;
        _timer.Change(_quiet, Timeout.InfiniteTimeSpan);
    }

    private void Settle()
    {
        lock (_gate)
        {
            _settled = _any;
            if (_settled) Release();
        }
    }

    private void Release()
    {
        if (_waiting is null || !_any) return;
        _waiting.TrySetResult(new ChangedFiles([.. _changed], _more));
        _waiting = null;
        _changed.Clear();
        (_more, _any, _settled) = (false, false, false);
    }
}
