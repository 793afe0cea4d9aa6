namespace Lockstep.Sqlite.Connections;

/// <summary>Open connections to one store, for a program that executes many runs: each run takes one that is idle. For any thread.</summary>
/// <remarks>Below <see cref="Durability.Full"/>, what runs have stored is sent to the disk at most 100 ms after they end, for all of them at once, and when the pool is closed.</remarks>
/// <param name="folder">The folder of the store.</param>
/// <param name="durability">What flushed events outlive.</param>
public sealed class StorePool(string folder, Durability durability = Durability.Normal) : IDisposable
{
    private const int MostIdle = 16;
    private static readonly TimeSpan _syncWithin = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly Stack<StoreConnection> _idle = [];
    private StoreConnection? _unsynced;
    private Timer? _timer;
    private Exception? _problem;
    private bool _closed;

    /// <summary>The folder of the store.</summary>
    public string Folder => folder;

    internal Durability Durability => durability;

    /// <summary>Closes what is idle; what is in use is closed when its run ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _timer?.Dispose();
            while (_idle.TryPop(out var connection)) Close(connection);
        }
    }

    /// <summary>An open connection that nobody uses; null where one has to be opened.</summary>
    internal StoreConnection? RentIdle()
    {
        lock (_gate) return _idle.TryPop(out var connection) ? connection : null;
    }

    /// <summary>A new connection, waiting for the store's lock as long as is said.</summary>
    internal StoreConnection Open(TimeSpan wait) => StoreConnection.Open(folder, durability, wait);

    internal void Return(StoreConnection connection)
    {
        lock (_gate)
        {
            if (durability != Durability.Full && connection.HasStored) SyncSoon(connection);
            if (!_closed && _idle.Count < MostIdle)
            {
                _idle.Push(connection);
                return;
            }
        }

        Close(connection);
    }

    private void Close(StoreConnection connection)
    {
        try
        {
            if (durability != Durability.Full) connection.Sync();
        }
        catch (IOException problem)
        {
            _problem = problem;
        }

        connection.Dispose();
    }

    /// <summary>What was wrong when stored events were sent to the disk, said once: a power cut may take them.</summary>
    internal string? TakeProblem() => Interlocked.Exchange(ref _problem, null) is { } problem
        ? $"{StoreFolder.Database(folder)} can't be sent to the disk ({problem.Message}): a power cut may take the history of the last runs"
        : null;

    private void SyncSoon(StoreConnection connection)
    {
        var isDue = _unsynced is not null;
        _unsynced = connection;
        if (isDue || _closed) return;
        _timer ??= new Timer(static state => ((StorePool)state!).Sync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_syncWithin, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Any connection that has stored something does, as all write one log, and one that is in use does too.</summary>
    private void Sync()
    {
        StoreConnection? connection;
        lock (_gate) (connection, _unsynced) = (_unsynced, null);
        try
        {
            connection?.Sync();
        }
        catch (IOException problem)
        {
            _problem = problem;
        }
        catch (ObjectDisposedException)
        {
            // Who closed it has sent all there is to the disk before.
        }
    }
}
