using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Leases;
using Lockstep.Tests.Journal;

namespace Lockstep.Tests.Sqlite;

public sealed class HistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_that_is_not_there_has_no_runs()
    {
        using var history = History.Open(_folder["nowhere"]);

        Assert.Empty(history.Runs());
        Assert.Null(history.Find("last"));
        Assert.Throws<JournalException>(() => history.Events(new("run-1")));
        Assert.False(Directory.Exists(_folder["nowhere"]));
    }

    [Fact]
    public async Task Runs_are_listed_newest_first()
    {
        await Write("run-1", later: 10);
        await Write("run-2", later: 30);
        await Write("run-3", later: 20);

        Assert.Equal(["run-2", "run-3", "run-1"], Ids(new()));
        Assert.Equal(["run-2"], Ids(new() { Limit = 1 }));
        Assert.Empty(Ids(new() { Limit = 0 }));
    }

    [Fact]
    public async Task Runs_are_filtered_by_command_status_and_start()
    {
        await Write("run-1", "build", Outcome.Failed);
        await Write("run-2", "build", later: 60);
        await Write("run-3", "deploy", Outcome.Failed, later: 120);

        Assert.Equal(["run-2", "run-1"], Ids(new() { Command = "build" }));
        Assert.Equal(["run-3", "run-1"], Ids(new() { Status = RunStatus.Failed }));
        Assert.Equal(["run-1"], Ids(new() { Status = RunStatus.Failed, Command = "build" }));
        Assert.Equal(["run-3", "run-2"], Ids(new() { Since = new Story().Started().At.AddSeconds(60) }));
        Assert.Empty(Ids(new() { Status = RunStatus.Crashed }));
    }

    [Fact]
    public async Task Runs_of_one_folder_are_listed_also_in_a_store_of_the_first_format()
    {
        await Write("run-1");
        await Write("run-2", later: 60);
        Written.Sql(_folder, "UPDATE runs SET directory = '/other' WHERE id = 'run-2'; DROP INDEX runs_by_directory; " + Written.BackToVersion2 + "PRAGMA user_version = 1");

        Assert.Equal(["run-1"], Ids(new() { Directory = "/home/ann/shop" }));
        Assert.Equal(["run-2"], Ids(new() { Directory = "/other", Limit = 1 }));
        Assert.Contains("runs_by_directory", QueryPlan(History.ListSql(new() { Directory = "/other" })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listed_run_says_how_when_and_where_it_ran()
    {
        await Write("run-1", "build", Outcome.Failed);

        using var history = History.Open(_folder.Path);
        var run = Assert.Single(history.Runs());
        Assert.Equal(("build", RunStatus.Failed, 1, "/home/ann/shop", "0123456789abcdef"), (run.Command, run.Status, run.ExitCode, run.Directory, run.GraphHash));
        Assert.Equal(TimeSpan.FromSeconds(3), run.EndedAt - run.StartedAt);
    }

    [Fact]
    public async Task A_run_is_found_by_its_name_its_beginning_or_as_the_last()
    {
        await Write("run-20261120-143022-aaaa0000");
        await Write("run-20261121-143022-bbbb0000", later: 60);

        using var history = History.Open(_folder.Path);
        Assert.Equal("run-20261120-143022-aaaa0000", history.Find("run-20261120-143022-aaaa0000")?.Id.Text);
        Assert.Equal("run-20261120-143022-aaaa0000", history.Find("run-20261120")?.Id.Text);
        Assert.Equal("run-20261121-143022-bbbb0000", history.Find("20261121")?.Id.Text);
        Assert.Equal("run-20261121-143022-bbbb0000", history.Find("last")?.Id.Text);
        Assert.Null(history.Find("run-2027"));
        Assert.Null(history.Find(""));
    }

    [Fact]
    public async Task A_beginning_that_several_runs_share_names_them()
    {
        await Write("run-1");
        await Write("run-1a");
        await Write("run-1b");

        using var history = History.Open(_folder.Path);
        Assert.Equal("run-1", history.Find("run-1")?.Id.Text);
        var refusal = Assert.Throws<JournalException>(() => history.Find("run"));
        Assert.Equal("'run' is the beginning of several runs: run-1, run-1a, run-1b; write more of the one you mean", refusal.Message);
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_has_crashed()
    {
        await Write("run-1", outcome: null);
        await Write("run-2", outcome: null, later: 60);
        var owner = RunOwner.Current();
        Written.Sql(_folder, $"UPDATE runs SET owner = '{owner with { Started = owner.Started + 1 }}' WHERE id = 'run-1'");

        Assert.Equal(["run-1"], Ids(new() { Status = RunStatus.Crashed }));
        Assert.Equal(["run-2"], Ids(new() { Status = RunStatus.Running }));
    }

    [Fact]
    public async Task Events_can_be_read_from_where_a_reader_stopped()
    {
        var run = await Write("run-1");

        using var history = History.Open(_folder.Path);
        Assert.Equal([1, 2, 3, 4], history.Events(run).Select(happened => happened.Sequence));
        Assert.Equal([3, 4], history.Events(run, after: 2).Select(happened => happened.Sequence));
        Assert.Empty(history.Events(run, after: 4));
    }

    [Fact]
    public async Task Logs_come_in_the_order_in_which_steps_started()
    {
        var story = new Story();
        await using (var journal = SqliteRunJournal.Begin(_folder.Path, Story.Id, () => [1]))
        {
            journal.Append(story.Started());
            foreach (var (step, attempt) in new[] { ("z", "1"), ("silent", ""), ("a", ""), ("z", "2") })
            {
                journal.Append(story.StepStarted(step, attempt));
                if (step != "silent") journal.AppendOutput(new(step), attempt, "hello"u8);
                journal.Append(story.StepEnded(step, attempt));
            }
        }

        using var history = History.Open(_folder.Path);
        Assert.Equal(["z@1", "a@", "z@2"], history.Logs(Story.Id).Select(log => $"{log.Step}@{log.Attempt}"));
        using var reader = new StreamReader(Assert.Single(history.Logs(Story.Id, new StepId("a"))).Open());
        Assert.Equal("hello", await reader.ReadToEndAsync());
    }

    [Theory]
    [InlineData("UPDATE events SET json = replace(json, 'succeeded', 'failed') WHERE run = 1 AND sequence = 3", "event 3: its checksum is wrong")]
    [InlineData("UPDATE events SET checksum = checksum + 1 WHERE run = 1 AND sequence = 1", "event 1: its checksum is wrong")]
    [InlineData("DELETE FROM events WHERE run = 1 AND sequence = 2", "event 2: it is missing")]
    [InlineData("DELETE FROM events WHERE run = 1 AND sequence = 1", "event 1: it is missing")]
    [InlineData("DELETE FROM events WHERE run = 1 AND sequence = 4", "event 4: it is missing")]
    [InlineData("DELETE FROM events WHERE run = 1", "event 1: it is missing")]
    [InlineData("DELETE FROM events WHERE run = 1; UPDATE events SET run = 1 WHERE run = 2", "event 1: its checksum is wrong")]
    [InlineData("INSERT INTO events SELECT 1, 5, json, checksum FROM events WHERE run = 1 AND sequence = 4", "event 5: its checksum is wrong")]
    public async Task A_damaged_journal_is_reported_with_its_run_and_others_stay_readable(string damage, string expected)
    {
        var damaged = await Write("run-1");
        await Write("run-2");
        var whole = await Write("run-3");
        Written.Sql(_folder, damage);

        using var history = History.Open(_folder.Path);
        var refusal = Assert.Throws<JournalException>(() => history.Events(damaged));
        Assert.Contains($"the journal of run-1 is damaged at {expected}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(4, history.Events(whole).Count);
    }

    [Fact]
    public async Task A_damaged_plan_is_reported_with_its_run()
    {
        var run = await Write("run-1");
        Written.Sql(_folder, "UPDATE plans SET content = x'02'");

        using var history = History.Open(_folder.Path);
        Assert.Contains("the plan of run-1 is damaged", Assert.Throws<JournalException>(() => history.Plan(run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_store_is_reported()
    {
        var path = _folder.Write("lockstep.db", new string('x', 8192));

        var refusal = Assert.Throws<JournalException>(() => History.Open(_folder.Path).Runs());

        Assert.Equal($"history can't be read: {path} is damaged (file is not a database); move it away and the next run makes a new one", refusal.Message);
    }

    [Fact]
    public async Task Lists_of_many_runs_come_from_an_index()
    {
        await Write("run-0");
        Written.Sql(_folder,
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            INSERT INTO runs (id, command, status, started_at, directory, graph_hash, owner)
            SELECT 'run-' || i, 'c' || (i % 10), CASE i % 3 WHEN 0 THEN 'failed' ELSE 'succeeded' END, i, '/', '', '' FROM n;
            """);

        foreach (var filter in new RunFilter[]
        {
            new(), new() { Status = RunStatus.Failed }, new() { Command = "c1" }, new() { Since = DateTimeOffset.UnixEpoch }, new() { Directory = "/" },
            new() { Status = RunStatus.Failed, Command = "c1", Since = DateTimeOffset.UnixEpoch },
        })
        {
            var plan = QueryPlan(History.ListSql(filter));
            Assert.Contains("USING INDEX runs_by_", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
        }

        Assert.Equal(50, Ids(new() { Status = RunStatus.Failed }).Length);
    }

    private string QueryPlan(string sql)
    {
        using var database = Written.Open(_folder);
        using var explain = database.Prepare(System.Text.Encoding.UTF8.GetBytes($"EXPLAIN QUERY PLAN {sql}"));
        var lines = new List<string>();
        while (explain.Step()) lines.Add(explain.Text(3));
        return string.Join('\n', lines);
    }

    private string[] Ids(RunFilter filter)
    {
        using var history = History.Open(_folder.Path);
        return [.. history.Runs(filter).Select(run => run.Id.Text)];
    }

    private Task<RunId> Write(string id, string command = "deploy", Outcome? outcome = Outcome.Succeeded, int later = 0)
        => Written.Run(_folder, id, command, outcome, later: TimeSpan.FromSeconds(later));
}
