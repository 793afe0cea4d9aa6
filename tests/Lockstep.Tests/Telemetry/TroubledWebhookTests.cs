using System.Text;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Binding;
using Lockstep.Telemetry.Webhooks;
using Lockstep.Tests.Execution;
using Lockstep.Tests.Journal;
using Lockstep.Tests.Sqlite;
using static Lockstep.Tests.Telemetry.Told;

namespace Lockstep.Tests.Telemetry;

/// <summary>Webhooks whose queue, the store, is damaged, locked or not there, and receivers that refuse a run for what it holds.</summary>
public sealed class TroubledWebhookTests : IDisposable
{
    private const string TwoSteps = "go: {\n  echo one\n  echo two\n}\n";
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_damaged_run_holds_up_no_other()
    {
        var up = false;
        await using var collector = new Collector(_ => Volatile.Read(ref up) ? 200 : 500);
        using var stage = Listening(collector);
        var damaged = stage.Run("go");
        Damage(stage, damaged);
        Volatile.Write(ref up, true);
        Later(stage);

        var second = stage.Run("go");
        Assert.Equal(second.Events.Select(happened => happened.Sequence), Sequences(collector.All, second));
        var notice = Assert.Single(second.Result.Notices);
        Assert.Contains($"the journal of {damaged.Result.Run} is damaged at event 3", notice, StringComparison.Ordinal);
        Assert.Contains("not sent", notice, StringComparison.Ordinal);
        Assert.Empty(stage.Run("go").Result.Notices);
    }

    [Fact]
    public async Task What_is_given_up_is_said_once_on_demand_too()
    {
        var up = false;
        await using var collector = new Collector(_ => Volatile.Read(ref up) ? 200 : 500);
        using var stage = Listening(collector);
        var damaged = stage.Run("go");
        Damage(stage, damaged);
        Volatile.Write(ref up, true);

        var receiver = Assert.Single(await Deliver(stage, collector));
        Assert.Contains(damaged.Result.Run.Text, Assert.Single(receiver.GivenUp), StringComparison.Ordinal);
        Assert.Empty(receiver.Runs);
        Assert.Empty(Assert.Single(await Deliver(stage, collector)).GivenUp);
    }

    [Fact]
    public async Task What_waits_is_counted_and_not_read()
    {
        await using var collector = new Collector(_ => 500);
        using var stage = Listening(collector);
        Damage(stage, stage.Run("go"));
        Assert.StartsWith("events of 2 runs wait for the webhook http://127.0.0.1:", Assert.Single(stage.Run("go").Result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_runs_that_wait_it_is_said_that_they_are_many()
    {
        await using var collector = new Collector(_ => 500);
        using var stage = Listening(collector);
        stage.Run("go");
        Sql(stage, """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
            INSERT INTO runs (id, command, status, started_at, directory, graph_hash, owner) SELECT 'run-many-' || i, 'go', 'succeeded', started_at, '/', '', owner FROM runs, n WHERE key = 1;
            INSERT INTO events SELECT key, 1, (SELECT json FROM events WHERE run = 1 AND sequence = 1), 0 FROM runs WHERE id LIKE 'run-many-%';
            INSERT INTO deliveries (receiver, run) SELECT receiver, key FROM deliveries, runs WHERE id LIKE 'run-many-%';
            """);
        Assert.StartsWith("events of more than 100 runs wait for the webhook", Assert.Single(stage.Run("go").Result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_a_receiver_does_not_want_do_not_wait_for_it()
    {
        await using var collector = new Collector(_ => 500);
        using var stage = Listening(collector).With("LOCKSTEP_WEBHOOK_EVENTS", "step:retry,execution:paus*,[x*");
        stage.Run("go");
        stage.With("LOCKSTEP_WEBHOOK_EVENTS", "execution:end");
        Assert.StartsWith("events of 1 run wait", Assert.Single(stage.Run("go").Result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_locked_is_tried_again()
    {
        await using var collector = new Collector();
        var run = await Written.Run(_folder, "run-1");
        var clock = new HastyTime();
        using var other = Written.Open(_folder);
        other.Execute("BEGIN IMMEDIATE\0"u8);
        await using var pump = Pump(collector, run, clock);
        pump.Hear(new Story().Ended() with { Sequence = 4 });

        using var limit = new CancellationTokenSource(_long);
        for (var begun = clock.GetUtcNow(); clock.GetUtcNow() < begun.AddSeconds(1);)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        other.Execute("COMMIT\0"u8);
        Assert.Empty(await pump.Finish(_long));
        Assert.Equal([1, 2, 3, 4], Sequences(collector.All));
    }

    [Fact]
    public async Task A_store_that_stays_locked_keeps_no_run_waiting_at_its_end()
    {
        await using var collector = new Collector();
        var run = await Written.Run(_folder, "run-1");
        using var other = Written.Open(_folder);
        other.Execute("BEGIN IMMEDIATE\0"u8);
        await using (var pump = Pump(collector, run, TimeProvider.System))
        {
            pump.Hear(new Story().Ended() with { Sequence = 4 });
            var notice = Assert.Single(await pump.Finish(TimeSpan.FromSeconds(0.1)));
            Assert.Contains("the store is locked by another process; the next run or `lockstep deliver` tries again", notice, StringComparison.Ordinal);
        }

        other.Execute("COMMIT\0"u8);
        await using var next = Pump(collector, run, TimeProvider.System);
        Assert.Empty(await next.Finish(_long));
        Assert.Equal([1, 2, 3, 4], Sequences(collector.All));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_run_that_is_refused_for_what_it_holds_holds_up_no_other(int status)
    {
        await using var collector = new Collector(number => number == 1 ? status : 200);
        using var stage = Listening(collector);
        var refused = stage.Run("go");
        var notice = Assert.Single(refused.Result.Notices);
        Assert.Contains($"refuses the events of {refused.Result.Run}: it answered {status} Answer; they are tried again in an hour, or at once by `lockstep deliver`", notice, StringComparison.Ordinal);

        var second = stage.Run("go");
        Assert.Equal(second.Events.Select(happened => happened.Sequence), Sequences(collector.All, second));
        Assert.Empty(second.Result.Notices);
        Assert.Single(collector.All, request => request.Json.GetProperty("run").GetString() == refused.Result.Run.Text);

        Assert.Empty(Assert.Single(await Deliver(stage, collector)).Runs);
        Assert.Equal(refused.Events.Select(happened => happened.Sequence), Sequences(collector.All.Skip(1), refused));
    }

    [Fact]
    public async Task A_run_that_was_refused_is_tried_again_in_an_hour_after_all_others()
    {
        await using var collector = new Collector(number => number == 1 ? 413 : 200);
        using var stage = Listening(collector);
        var refused = stage.Run("go");
        ((ManualTime)stage.Clock).Advance(TimeSpan.FromHours(1));
        var second = stage.Run("go");
        Assert.Empty(second.Result.Notices);
        Assert.Equal(
            second.Events.Select(happened => (second.Result.Run.Text, happened.Sequence)).Concat(refused.Events.Select(happened => (refused.Result.Run.Text, happened.Sequence))),
            Events(collector.All.Skip(1)).Select(line => (line.GetProperty("run").GetString()!, line.GetProperty("sequence").GetInt64())));
    }

    [Theory]
    [InlineData("runs", "NEW.id <> ''", "heard nothing of this run")]
    [InlineData("events", "NEW.sequence = 4", "did not hear all of this run")]
    public async Task A_webhook_that_can_not_hear_of_a_run_because_it_is_not_kept_is_named(string table, string when, string notice)
    {
        await using var collector = new Collector();
        using var stage = Listening(collector);
        stage.Run("go");
        Sql(stage, $"CREATE TRIGGER refuse BEFORE INSERT ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'no'); END");
        var report = stage.Run("go");
        Assert.Equal(0, report.ExitCode);
        Assert.NotNull(report.Result.HistoryLost);
        Assert.Contains($"the webhook {collector.Url}/… {notice}", Assert.Single(report.Result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_hears_nothing_where_there_is_no_store_and_that_is_said()
    {
        await using var collector = new Collector();
        await using var pump = Pump(collector, new RunId("run-1"), TimeProvider.System);
        pump.Hear(new Story().Started());
        Assert.Contains("heard nothing of this run", Assert.Single(await pump.Finish(_long)), StringComparison.Ordinal);
    }

    private static Stage Listening(Collector collector) => new Stage(TwoSteps) { Clock = new ManualTime() }.With("LOCKSTEP_WEBHOOK_URL", collector.Url);

    private static void Later(Stage stage) => ((ManualTime)stage.Clock).Advance(TimeSpan.FromMinutes(5));

    private WebhookPump Pump(Collector collector, RunId run, TimeProvider clock)
    {
        var receiver = WebhookReceiver.Of(collector.Url, null, ["*"])!;
        return new(receiver, new WebhookDelivery(_folder.Path, receiver, "0.1.0", clock, new Random(7)), run, clock);
    }

    private static void Damage(Stage stage, Report run)
        => Sql(stage, $"UPDATE events SET checksum = checksum + 1 WHERE sequence = 3 AND run = (SELECT key FROM runs WHERE id = '{run.Result.Run}')");

    private static void Sql(Stage stage, string sql)
    {
        using var database = SqliteDatabase.Open(StoreFolder.Database(stage.Folder["store"]), create: false, Written.Wait);
        database.Execute(Encoding.UTF8.GetBytes(sql + "\0"));
    }
}
