using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Sqlite.Upkeep;
using Lockstep.Tests.Execution;
using Lockstep.Tests.Processes;
using static Lockstep.Tests.Telemetry.Told;

namespace Lockstep.Tests.Telemetry;

public sealed class WebhookTests
{
    private const string TwoSteps = "go: {\n  echo one\n  echo two\n}\n";

    [Fact]
    public async Task Each_event_of_a_run_is_delivered_in_order()
    {
        await using var collector = new Collector();
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url + "/hook");
        var report = stage.Run("go");

        Assert.Equal(report.Events.Select(happened => happened.Sequence), Sequences(collector.All));
        Assert.Empty(report.Result.Notices);
        Assert.All(collector.All, request =>
        {
            Assert.Equal("/hook", request.Path);
            Assert.Equal("application/json", request.Headers["Content-Type"]);
            Assert.Equal(report.Result.Run.Text, request.Json.GetProperty("run").GetString());
            Assert.Equal(report.Result.Run.Text, request.Json.GetProperty("events")[0].GetProperty("run").GetString());
            Assert.False(request.Headers.ContainsKey("webhook-signature"));
        });
        Assert.Equal(collector.All.Count, collector.All.Select(request => request.Headers["webhook-id"]).Distinct().Count());
    }

    [Theory]
    [InlineData("a secret", "a secret")]
    [InlineData("whsec_AAECAwQFBgcICQ==", "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009")]
    public async Task Requests_are_signed_over_their_id_time_and_body(string secret, string key)
    {
        await using var collector = new Collector();
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url).With("LOCKSTEP_WEBHOOK_SECRET", secret);
        stage.Run("go");

        Assert.NotEmpty(collector.All);
        Assert.All(collector.All, request =>
        {
            var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Body}";
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed));
            Assert.Equal("v1," + Convert.ToBase64String(expected), request.Headers["webhook-signature"]);
        });
    }

    [Fact]
    public async Task A_receiver_gets_the_types_it_wants()
    {
        await using var collector = new Collector();
        using var stage = new Stage(TwoSteps).With("HOOK", collector.Url).With("HOOK_SECRET", "s");
        stage.Folder.Write("project/lockstep.yaml", "webhooks:\n  - url: { secret: HOOK }\n    secret: { secret: HOOK_SECRET }\n    events: [\"execution:*\", step:end]\n");
        stage.Run("go");
        Assert.Equal(["execution:start", "step:end", "step:end", "execution:end"], Events(collector.All).Select(line => line.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task What_a_receiver_does_not_take_is_sent_again_and_nothing_is_left_out()
    {
        await using var collector = new Collector(number => number < 3 ? 503 : 200);
        using var stage = new Stage("go: {\n  echo one\n  cat < gate\n}\n") { Clock = new HastyTime() };
        stage.With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        Shells.Run(Shells.Sh("mkfifo \"$1\"", stage["gate"]));
        var running = Task.Run(() => stage.Run("go"));
        var refused = new[] { await collector.Next(), await collector.Next() };
        await collector.Next();
        await File.WriteAllTextAsync(stage["gate"], "");
        var report = await running;

        Assert.Equal(report.Events.Select(happened => happened.Sequence), Sequences(collector.All.Skip(2)));
        Assert.All(refused, request => Assert.Equal(1, Sequences([request])[0]));
        Assert.Empty(report.Result.Notices);
    }

    [Fact]
    public void A_receiver_that_is_not_there_leaves_the_run_alone()
    {
        using var stage = new Stage(TwoSteps);
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = $"http://{listener.LocalEndpoint}/";
        listener.Dispose();
        var first = stage.With("LOCKSTEP_WEBHOOK_URL", closed).Run("go");
        Assert.Equal(0, first.ExitCode);
        Assert.StartsWith("events of 1 run wait for the webhook http://127.0.0.1:", Assert.Single(first.Result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_never_answers_leaves_the_run_alone_and_is_not_waited_for_again()
    {
        await using var collector = new Collector(_ => 0);
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url).With("LOCKSTEP_DELIVERY_WAIT", "0.1");
        var report = stage.Run("go");
        Assert.Equal(0, report.ExitCode);
        Assert.Contains("lockstep deliver", Assert.Single(report.Result.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_left_is_delivered_by_the_next_run_before_its_own()
    {
        var up = false;
        await using var collector = new Collector(_ => Volatile.Read(ref up) ? 200 : 500);
        using var stage = new Stage(TwoSteps) { Clock = new ManualTime() };
        stage.With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        var first = stage.Run("go");
        Assert.NotEmpty(first.Result.Notices);

        Volatile.Write(ref up, true);
        ((ManualTime)stage.Clock).Advance(TimeSpan.FromMinutes(5));
        var tried = collector.All.Count;
        var second = stage.Run("go");

        Assert.Empty(second.Result.Notices);
        var taken = Events(collector.All.Skip(tried)).Select(line => (line.GetProperty("run").GetString(), line.GetProperty("sequence").GetInt64()));
        Assert.Equal(
            first.Events.Select(happened => (first.Result.Run.Text, happened.Sequence)).Concat(second.Events.Select(happened => (second.Result.Run.Text, happened.Sequence))),
            taken.Select(pair => (pair.Item1!, pair.Item2)));
    }

    [Fact]
    public async Task What_was_left_is_delivered_on_demand()
    {
        var up = false;
        await using var collector = new Collector(_ => Volatile.Read(ref up) ? 200 : 500);
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        var report = stage.Run("go");
        var left = Assert.Single(await Deliver(stage, collector));
        Assert.Equal((report.Result.Run, "it answered 500 Answer"), (Assert.Single(left.Runs), left.Problem));

        Volatile.Write(ref up, true);
        var tried = collector.All.Count;
        Assert.Empty(Assert.Single(await Deliver(stage, collector)).Runs);
        Assert.Equal(report.Events.Select(happened => happened.Sequence), Sequences(collector.All.Skip(tried)));
        Assert.Empty(Assert.Single(await Deliver(stage, collector)).Runs);
        Assert.Equal(tried + 1, collector.All.Count);
    }

    [Fact]
    public async Task A_resumed_run_is_told_on_where_it_was_left()
    {
        await using var collector = new Collector();
        var control = new Lockstep.Execution.RunControl();
        using var stage = new Stage(TwoSteps) { Options = new RunOptions { Control = control } };
        stage.With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        control.Ask(new Lockstep.Journal.PauseRequest("a test", null));
        var paused = stage.Run("go");
        var resumed = stage.Resume(paused.Result.Run, new RunOptions());
        Assert.Equal(paused.Events.Concat(resumed.Events).Select(happened => happened.Sequence), Sequences(collector.All));
    }

    [Fact]
    public async Task After_a_crash_what_the_store_holds_is_delivered_and_the_rest_when_the_run_is_resumed()
    {
        var up = false;
        await using var collector = new Collector(_ => Volatile.Read(ref up) ? 200 : 500);
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        var life = new Lockstep.Tests.Execution.Resume.Life(stage, "go");
        life.Begin();
        life.CrashAfter(3);
        Volatile.Write(ref up, true);
        var tried = collector.All.Count;
        await Deliver(stage, collector);
        Assert.Equal([1, 2, 3], Sequences(collector.All.Skip(tried)));

        tried = collector.All.Count;
        var resumed = life.Resume();
        Assert.Equal(resumed.Events.Select(happened => happened.Sequence), Sequences(collector.All.Skip(tried)));
        Assert.Empty(Assert.Single(await Deliver(stage, collector)).Runs);
    }

    [Fact]
    public async Task A_forked_run_is_told_with_the_events_that_it_shares()
    {
        await using var collector = new Collector();
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        var first = stage.Run("go");
        var told = collector.All.Count;
        var forked = stage.Rerun(first.Result.Run, "go/2");

        Assert.Equal(stage.Kept(forked.Result.Run).Select(happened => happened.Sequence), Sequences(collector.All.Skip(told)));
        Assert.All(Events(collector.All.Skip(told)), line => Assert.Equal(forked.Result.Run.Text, line.GetProperty("run").GetString()));
    }

    [Fact]
    public async Task A_program_that_runs_many_plans_tells_of_those_that_it_keeps()
    {
        await using var collector = new Collector();
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        var plan = stage.Plan("go").Plan!;
        using var runs = new Runs(stage.Around());

        Assert.Empty(runs.Run(plan, new RunOptions { Keep = false }).Notices);
        Assert.Empty(collector.All);
        var kept = runs.Run(plan, new RunOptions());
        Assert.Equal(stage.Kept(kept.Run).Select(happened => happened.Sequence), Sequences(collector.All));
        Assert.Empty(kept.Notices);
    }

    [Fact]
    public async Task Of_a_run_that_was_pruned_nothing_waits_for_those_that_come_after_it()
    {
        var up = false;
        await using var collector = new Collector(_ => Volatile.Read(ref up) ? 200 : 500);
        using var stage = new Stage(TwoSteps).With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        stage.Run("go");
        Assert.Equal(1, (await StorePruning.Prune(stage.Folder["store"], new PruneRule(), TimeProvider.System)).Runs);
        stage.With("LOCKSTEP_WEBHOOK_URL", "").Run("go");

        Volatile.Write(ref up, true);
        var tried = collector.All.Count;
        Assert.Empty(Assert.Single(await Deliver(stage, collector)).Runs);
        Assert.Equal(tried, collector.All.Count);
    }

    [Fact]
    public async Task Secrets_are_in_no_request()
    {
        await using var collector = new Collector();
        using var stage = new Stage("var TOKEN = @secret(TOKEN)\ngo: echo @var(TOKEN) -- hunter2hunter2\n").With("TOKEN", "hunter2hunter2").With("LOCKSTEP_WEBHOOK_URL", collector.Url);
        stage.Run("go");
        Assert.NotEmpty(collector.All);
        Assert.DoesNotContain(collector.All, request => request.Body.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("webhooks: [{ url: { secret: HOOK } }]", "a webhook is not told of this run: HOOK is not set, which holds its address")]
    [InlineData("webhooks: [{ url: \"http://127.0.0.1:9/\", secret: { secret: KEY } }]", "a webhook is not told of this run: KEY is not set, which holds its secret")]
    [InlineData("webhooks: [{ url: \"ftp://example.org/\" }]", "a webhook is not told of this run: its address is not an absolute http or https URL")]
    public void A_webhook_that_can_not_be_told_stops_no_run(string configuration, string notice)
    {
        using var stage = new Stage(TwoSteps);
        stage.Folder.Write("project/lockstep.yaml", configuration);
        var report = stage.Run("go");
        Assert.Equal((0, notice), (report.ExitCode, Assert.Single(report.Result.Notices)));
    }
}
