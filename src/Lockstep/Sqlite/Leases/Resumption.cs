using Lockstep.Journal;

namespace Lockstep.Sqlite.Leases;

/// <summary>A run that this process has taken over, and what it needs to go on. Disposing closes the journal.</summary>
/// <param name="Journal">Where it goes on, after <paramref name="Start"/>.</param>
/// <param name="Events">What happened before, checked.</param>
/// <param name="Start">The event that tells of it, which came into the store with the takeover: numbered and dated, to be shown and not to be appended.</param>
public sealed record Resumption(SqliteRunJournal Journal, IReadOnlyList<RunEvent> Events, RunResumed Start) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Journal.DisposeAsync();
}
