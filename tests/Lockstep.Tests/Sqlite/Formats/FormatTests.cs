using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Upkeep;
using Lockstep.Tests.Shape;

namespace Lockstep.Tests.Sqlite.Formats;

/// <summary>Stores of earlier formats, kept as the SQL that makes them: every release opens them, for ever. They are never written anew.</summary>
public sealed class FormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Formats => [1, 2, 3, 4, 5, 6];

    public static TheoryData<int> EarlierFormats => [1, 2, 3, 4, 5];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_store_of_an_earlier_format_is_brought_forward_with_all_it_holds(int format)
    {
        Make(format);

        using var history = History.Open(_folder.Path);

        Assert.Equal(["once", "fails", "sequence"], history.Runs().Select(run => run.Command));
        Assert.Equal([RunStatus.Running, RunStatus.Failed, RunStatus.Succeeded], history.Runs().Select(run => run.Status));
        Assert.Equal([null, 7, 0], history.Runs().Select(run => run.ExitCode));
        foreach (var run in history.Runs())
        {
            var state = RunState.Of(history.Events(run.Id));
            Assert.Equal((run.Status, run.Command), (state.Status, state.Started!.Command));
            Assert.Equal(run.Command, PlanJson.Read(history.Plan(run.Id)).Command);
        }

        Assert.Equal(2, history.Runs(new() { Directory = "/home/ann/shop", Limit = 2 }).Count);
        Assert.Equal(Schema.Current, Written.Number(_folder, "PRAGMA user_version"));
    }

    [Theory]
    [MemberData(nameof(EarlierFormats))]
    public void The_store_as_it_was_is_kept_beside_it(int format)
    {
        Make(format);
        History.Open(_folder.Path).Dispose();

        using var backup = SqliteDatabase.Open($"{StoreFolder.Database(_folder.Path)}.v{format}", create: false, Written.Wait);
        Assert.Equal(format, backup.Integer("PRAGMA user_version"u8));
        Assert.Equal(3, backup.Integer("SELECT count(*) FROM runs"u8));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_migrated_store_has_the_tables_of_a_new_one(int format)
    {
        Make(format);
        History.Open(_folder.Path).Dispose();
        using var fresh = new TemporaryFolder();
        Schema.Open(StoreFolder.Database(fresh.Path), Written.Wait).Dispose();

        Assert.Equal(Shape(fresh), Shape(_folder));
        using var database = Written.Open(_folder);
        Assert.Equal(Schema.TablesOfNew(), Schema.Tables(database));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_run_of_an_earlier_format_that_was_cut_off_is_taken_over_and_comes_to_its_end(int format)
    {
        Make(format);
        var runs = new Runs(new ProjectOptions { Directory = _folder.Path, Environment = name => name == "LOCKSTEP_HOME" ? _folder.Path : null });
        RunId run;
        using (var history = runs.OpenHistory()) run = history.Runs(new() { Command = "once" }).Single().Id;

        // Its folder is not here, so nobody can look what became of the step that was cut off, and nothing after it can run.
        var paused = runs.Resume(run, new RunOptions());
        Assert.Equal("once/effect/1", paused.Paused?.Step?.Path);
        runs.Ask(run, new ApproveRequest(new StepId("once/effect/1"), Done: true, "ann", null));
        var ended = runs.Resume(run, new RunOptions());

        Assert.Equal((Outcome.Failed, "once/2"), (ended.End.Outcome, ended.End.RootCause?.Path));
        using var after = runs.OpenHistory();
        Assert.Equal(RunStatus.Failed, after.Find(run.Text)!.Status);
        Assert.Equal(RunStatus.Failed, RunState.Of(after.Events(run)).Status);
        Assert.All(StoreCheck.Of(after, run).Damage, damage => Assert.StartsWith("the log of once/1 ", damage.What, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_that_open_an_old_store_at_once_all_see_it_brought_forward()
    {
        Make(1);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var history = History.Open(_folder.Path);
            Assert.Equal(3, history.Runs().Count);
        })));
    }

    [Fact]
    public void Damage_in_an_old_store_is_still_found()
    {
        Make(1);
        Written.Sql(_folder, "UPDATE events SET json = replace(json, 'echo', 'ecko') WHERE run = 1 AND sequence = 2");

        using var history = History.Open(_folder.Path);
        Assert.Throws<JournalException>(() => history.Events(history.Runs()[2].Id));
    }

    private void Make(int format)
    {
        using (var database = SqliteDatabase.Open(StoreFolder.Database(_folder.Path), create: true, Written.Wait))
            database.Execute(System.Text.Encoding.UTF8.GetBytes("PRAGMA journal_mode = WAL;" + File.ReadAllText(Repository.PathOf("tests", "Lockstep.Tests", "Sqlite", "Formats", $"v{format}.sql")) + "\0"));
    }

    private static string Shape(TemporaryFolder folder)
    {
        using var database = Written.Open(folder);
        using var select = database.Prepare("SELECT m.name || ': ' || coalesce((SELECT group_concat(name || ' ' || type || ' ' || \"notnull\", ', ') FROM pragma_table_info(m.name)), (SELECT group_concat(name, ', ') FROM pragma_index_info(m.name))) FROM sqlite_schema AS m ORDER BY m.name"u8);
        var lines = new List<string>();
        while (select.Step()) lines.Add(select.Text(0));
        return string.Join('\n', lines);
    }
}
