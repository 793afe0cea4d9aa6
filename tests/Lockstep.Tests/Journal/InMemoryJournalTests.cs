using Lockstep.Journal;
using Lockstep.Tests.Stores;

namespace Lockstep.Tests.Journal;

public sealed class InMemoryJournalTests : JournalContract, IAsyncDisposable
{
    private readonly InMemoryJournal _journal = new();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    private protected override IRunJournal Begin() => _journal;

    private protected override IReadOnlyList<RunEvent> Kept() => _journal.Events;

    private protected override string KeptOutput(string step, string attempt) => Text(_journal.Output(new(step), attempt));
}
