namespace Lockstep.Sqlite.Connections;

/// <summary>Open connections to one store, for a program that executes many runs: each run takes one that is idle. For any thread.</summary>
/// <param name="folder">The folder of the store.</param>
/// <param name="durability">What flushed events outlive.</param>
public sealed class StorePool(string folder, Durability durability = Durability.Normal) : IDisposable
{
    private const int MostIdle = 16;
    private readonly Lock _gate = new();
    private readonly Stack<StoreConnection> _idle = [];
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
            while (_idle.TryPop(out var connection)) connection.Dispose();
        }
    }

    internal StoreConnection Rent()
    {
        lock (_gate)
            if (_idle.TryPop(out var connection)) return connection;
        return StoreConnection.Open(folder, durability);
    }

    internal void Return(StoreConnection connection)
    {
        lock (_gate)
        {
            if (!_closed && _idle.Count < MostIdle)
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }
}
