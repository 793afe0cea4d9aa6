using Lockstep.Sqlite.Upkeep;
using Lockstep.Workspaces;

namespace Lockstep.Tests.Sqlite.Upkeep;

public sealed class StoreCleaningTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 14, 30, 22, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Drafts_of_processes_that_are_gone_go_and_those_of_living_ones_stay()
    {
        await Written.Run(_folder, "run-1");
        var dead = _folder.Write("lockstep.db.99999999-1.new", "");
        var alive = _folder.Write($"lockstep.db.{Environment.ProcessId}-1.new", "");
        File.SetLastWriteTimeUtc(alive, _now.UtcDateTime);

        Assert.Equal([dead], Clean().Drafts);
        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(alive));
    }

    [Fact]
    public async Task A_lock_nobody_holds_names_nobody_any_more_and_one_that_is_held_is_left_alone()
    {
        await Written.Run(_folder, "run-1");
        var dead = _folder.Write("locks/a.lock", new LockHolder("run-0", 1, "deploy", _now).ToText());
        var held = _folder.Write("locks/b.lock", "");
        using var holder = FileLock.TryTake(held);
        holder!.Write("someone");

        Assert.Equal([dead], Clean().Locks);
        Assert.Equal("", FileLock.ReadText(dead));
        Assert.Equal("someone", FileLock.ReadText(held));
    }

    [Fact]
    public async Task Logs_of_no_run_go_unless_a_run_may_just_begin()
    {
        await Written.Run(_folder, "run-1");
        foreach (var run in (string[])["run-lost", "run-begins"]) _folder.Write($"logs/{run}/a.log", "hello");
        Directory.SetLastWriteTimeUtc(_folder["logs/run-lost"], _now.UtcDateTime.AddDays(-2));
        Directory.SetLastWriteTimeUtc(_folder["logs/run-begins"], _now.UtcDateTime);

        Assert.Equal([_folder["logs/run-lost"]], Clean().Logs);
        Assert.True(Directory.Exists(_folder["logs/run-1"]));
        Assert.True(Directory.Exists(_folder["logs/run-begins"]));
    }

    [Fact]
    public async Task Requests_to_runs_that_have_ended_go()
    {
        await Written.Run(_folder, "run-1");
        await Written.Run(_folder, "run-2", outcome: null);
        Written.Sql(_folder, "INSERT INTO requests (run, at, json) VALUES (1, 0, '{}'), (2, 0, '{}'), (3, 0, '{}')");

        Assert.Equal(2, Clean().Requests);
        Assert.Equal(2, Written.Number(_folder, "SELECT run FROM requests"));
    }

    [Fact]
    public void A_store_that_is_not_there_has_nothing_left_over()
    {
        var cleaned = StoreCleaning.Clean(_folder["nowhere"], _now);

        Assert.Equal((0, 0, 0, 0), (cleaned.Drafts.Count, cleaned.Locks.Count, cleaned.Logs.Count, cleaned.Requests));
    }

    private CleanedStore Clean() => StoreCleaning.Clean(_folder.Path, _now);
}
