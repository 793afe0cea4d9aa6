using Lockstep.Journal;

namespace Lockstep.Sqlite.Leases;

/// <summary>A run that this process has taken over, and what it needs to go on. Disposing closes the journal.</summary>
/// <param name="Journal">Where it goes on; nothing is appended yet.</param>
/// <param name="Events">What happened before, checked.</param>
/// <param name="Reason">Why it could be taken over.</param>
/// <param name="AliveUntil">The latest moment at which the run is known to have been executed before.</param>
public sealed record Resumption(
    SqliteRunJournal Journal, IReadOnlyList<RunEvent> Events, string Reason, DateTimeOffset AliveUntil) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Journal.DisposeAsync();
}
