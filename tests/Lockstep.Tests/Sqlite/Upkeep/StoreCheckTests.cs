using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Upkeep;
using Lockstep.Tests.Execution;

namespace Lockstep.Tests.Sqlite.Upkeep;

public sealed class StoreCheckTests : IDisposable
{
    private readonly Stage _stage = new("""
        good: {
          echo first
          echo second
        }
        other: echo third
        """);

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void A_store_as_it_was_written_is_whole()
    {
        _stage.Run("good");
        _stage.Run("other");

        var found = Check();

        Assert.Empty(found.Damage);
        Assert.Equal((2, 3), (found.Runs, found.Logs));
        Assert.InRange(found.Events, 10, 20);
    }

    [Fact]
    public void A_store_that_is_not_there_is_whole()
        => Assert.Equal((0, 0), (Check().Runs, Check().Damage.Count));

    [Theory]
    [InlineData("UPDATE events SET json = replace(json, 'succeeded', 'failed') WHERE run = 1 AND sequence = 3", "its checksum is wrong")]
    [InlineData("DELETE FROM events WHERE run = 1 AND sequence = 2", "it is missing")]
    [InlineData("DELETE FROM events WHERE run = 1", "it is missing")]
    [InlineData("UPDATE runs SET status = 'failed' WHERE key = 1", "it is 'failed' there, and its last event says 'succeeded'")]
    [InlineData("UPDATE runs SET status = 'running' WHERE key = 1", "it is 'running' there, and its last event says 'succeeded'")]
    [InlineData("UPDATE runs SET exit_code = 1 WHERE key = 1", "its exit code or the time of its end is another one")]
    [InlineData("UPDATE runs SET events = NULL WHERE key = 1", "whether it has come to an end is not the same")]
    [InlineData("UPDATE runs SET command = 'better' WHERE key = 1", "its command, folder or plan is another one")]
    [InlineData("UPDATE runs SET started_at = started_at - 1 WHERE key = 1", "the time of its start is another one")]
    [InlineData("UPDATE runs SET plan = 2 WHERE key = 1", "it is not the one that was stored")]
    [InlineData("UPDATE runs SET plan = 77 WHERE key = 1", "it is not the one that was stored")]
    [InlineData("UPDATE plans SET content = x'00' WHERE key = 1", "it is not the one that was stored")]
    public void Damage_is_named_with_its_run_and_the_other_run_is_whole(string damage, string expected)
    {
        var damaged = _stage.Run("good").Result.Run;
        var whole = _stage.Run("other").Result.Run;
        Sql(damage);

        var found = Check();

        Assert.Equal([damaged], found.Damage.Select(one => one.Run).Distinct());
        Assert.Contains(found.Damage, one => one.What.Contains(expected, StringComparison.Ordinal));
        Assert.Empty(Check(whole).Damage);
    }

    [Theory]
    [InlineData("UPDATE sqlite_schema SET sql = replace(sql, 'exit_code INTEGER', 'exit_codz INTEGER') WHERE name = 'runs'", "table runs is not defined as this release defines it")]
    [InlineData("UPDATE sqlite_schema SET sql = replace(sql, 'parent IS NOT NULL', 'parent IS     NULL') WHERE name = 'runs_by_parent'", "index runs_by_parent is not defined as this release defines it")]
    [InlineData("CREATE TRIGGER sly AFTER INSERT ON runs BEGIN DELETE FROM events; END", "it holds trigger sly, which this release does not know")]
    [InlineData("DROP TABLE timings", "table timings is not defined as this release defines it")]
    public void Tables_that_are_not_as_they_were_defined_are_named(string damage, string expected)
    {
        _stage.Run("good");
        Sql($"PRAGMA writable_schema = ON; {damage}");

        Assert.Contains($"the database is damaged: {expected}", Check().Damage.Select(one => one.What));
    }

    [Theory]
    [InlineData("owner = 'nobody', status = 'running'", "the store names an owner of a run that can't be read: 'nobody'")]
    [InlineData("ended_at = 9223372036854775807", "can't be read")]
    public void A_row_of_the_list_that_cannot_be_read_is_named_with_its_run(string damage, string expected)
    {
        var damaged = _stage.Run("good").Result.Run;
        Sql($"UPDATE runs SET {damage}");

        Assert.Contains(Check().Damage, one => one.Run == damaged && one.What.StartsWith($"the row of {damaged} in the list can't be read", StringComparison.Ordinal) && one.What.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_log_is_named_with_its_step()
    {
        var run = _stage.Run("good").Result.Run;
        using (var history = History.Open(_stage.Folder["store"])) File.Delete(history.Logs(run)[1].Path);

        Assert.Equal($"the log of good/2 in {run} is missing, though it printed 7 bytes", Assert.Single(Check().Damage).What);
    }

    [Fact]
    public void Events_of_a_run_that_is_in_no_list_are_told()
    {
        _stage.Run("good");
        Sql("DELETE FROM runs");

        Assert.Equal("there are events of 1 runs that are not in the list", Assert.Single(Check().Damage).What);
    }

    [Fact]
    public void A_check_tells_how_far_it_is_and_one_that_is_ended_early_tells_what_it_has_looked_at()
    {
        for (var run = 0; run < 3; run++) _stage.Run("other");
        using var history = History.Open(_stage.Folder["store"]);
        var told = new List<(int Done, int All)>();
        Assert.True(StoreCheck.Of(history, null, (done, all) => told.Add((done, all))).IsComplete);
        Assert.Equal([(0, 3), (1, 3), (2, 3)], told);

        using var enough = new CancellationTokenSource();
        var found = StoreCheck.Of(history, null, (done, _) =>
        {
            if (done == 1) enough.Cancel();
        }, enough.Token);
        Assert.Equal((2, false, 0), (found.Runs, found.IsComplete, found.Damage.Count));

        var nothing = StoreCheck.Of(history, null, null, enough.Token);
        Assert.Equal((0, false, 0), (nothing.Runs, nothing.IsComplete, nothing.Damage.Count));
    }

    private CheckedStore Check(RunId? only = null)
    {
        using var history = History.Open(_stage.Folder["store"]);
        return StoreCheck.Of(history, only);
    }

    private void Sql(string sql)
    {
        using var database = Lockstep.Sqlite.Binding.SqliteDatabase.Open(StoreFolder.Database(_stage.Folder["store"]), create: false, Written.Wait);
        database.Execute(System.Text.Encoding.UTF8.GetBytes(sql + "\0"));
    }
}
