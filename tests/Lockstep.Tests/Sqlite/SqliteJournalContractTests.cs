using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Logs;
using Lockstep.Tests.Journal;
using Lockstep.Tests.Stores;

namespace Lockstep.Tests.Sqlite;

public sealed class SqliteJournalContractTests : JournalContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override IRunJournal Begin() => SqliteRunJournal.Begin(_folder.Path, Story.Id, () => [1, 2, 3]);

    private protected override IReadOnlyList<RunEvent> Kept()
    {
        using var history = History.Open(_folder.Path);
        return history.Events(Story.Id);
    }

    private protected override string KeptOutput(string step, string attempt)
    {
        var path = StepLogs.PathOf(StoreFolder.Logs(_folder.Path, Story.Id), new StepId(step), attempt);
        return File.Exists(path) ? Text(File.ReadAllBytes(path)) : "";
    }
}
