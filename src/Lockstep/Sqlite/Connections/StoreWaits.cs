namespace Lockstep.Sqlite.Connections;

/// <summary>How long a run's journal waits for a store that another process has locked.</summary>
/// <param name="Patience">For how long a step waits until the one before it is in the store; after that its events wait in memory and the run goes on.</param>
/// <param name="AtTheEnd">For how long after the run's end what waits is tried again, before it is given up.</param>
/// <param name="MostInMemory">How many bytes of events, by estimate, may wait; with more of them history is given up.</param>
internal sealed record StoreWaits(TimeSpan Patience, TimeSpan AtTheEnd, long MostInMemory)
{
    public static readonly StoreWaits Default = new(StoreConnection.BusyTimeout, TimeSpan.FromSeconds(15), 64 << 20);

    /// <summary>For each attempt to open it, which is done beside the run.</summary>
    public TimeSpan ToOpen { get; init; } = StoreConnection.BusyTimeout;

    /// <summary>For the run's own thread, which has processes to look after: what takes longer is done beside it.</summary>
    public static readonly TimeSpan OnTheRunsThread = TimeSpan.FromMilliseconds(10);

    /// <summary>For the thread beside it, each time that it tries.</summary>
    public static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(50);
}
