using System.Globalization;
using System.Text.Json;
using Lockstep.Journal;
using Lockstep.Telemetry.Otlp;
using Lockstep.Tests.Execution;
using Lockstep.Tests.Journal;
using Lockstep.Tests.Plans;

namespace Lockstep.Tests.Telemetry;

public sealed class OtlpTests : IAsyncDisposable
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private readonly Collector _collector = new();

    public ValueTask DisposeAsync() => _collector.DisposeAsync();

    [Fact]
    public void Each_run_group_step_and_attempt_is_a_span_inside_the_one_around_it()
    {
        using var stage = Traced("""
            go: {
              echo one
              @retry(2, delay = 0s) { sh -c 'test -e tried || { touch tried; exit 4; }' }
              @parallel { echo two; echo three }
            }
            """);
        var report = stage.Run("go");
        Assert.Equal(0, report.ExitCode);
        Assert.Empty(report.Result.Notices);

        var spans = Spans();
        var run = Assert.Single(spans, span => span.Parent is null);
        Assert.Equal("RUN go", run.Name);
        var leaves = report.Events.OfType<StepStarted>().Select(started => $"RUN {started.Step}").ToArray();
        Assert.Equal(leaves.Order(), spans.Where(span => span.Of("process.command_line") is not null).Select(span => span.Name).Order());
        Assert.Equal(["attempt 1", "attempt 2"], spans.Where(span => span.Name.StartsWith("attempt", StringComparison.Ordinal)).Select(span => span.Name).Order());
        Assert.Equal(spans.Count, spans.Select(span => span.Id).Distinct().Count());
        Assert.Single(spans.Select(span => span.Trace).Distinct());
        Assert.All(spans.Where(span => span != run), span =>
        {
            var around = Assert.Single(spans, other => other.Id == span.Parent);
            Assert.True(around.Start <= span.Start && span.Start <= span.End && span.End <= around.End, $"{span} is not inside {around}");
        });
    }

    [Fact]
    public void A_failure_is_told_on_its_step_and_all_around_it()
    {
        using var stage = Traced("go: {\n  echo fine\n  @timeout(1m) { sh -c 'exit 7' }\n}\n");
        stage.Run("go");
        var spans = Spans();
        Assert.NotNull(Assert.Single(spans, span => span.Parent is null).Error);
        Assert.NotNull(Assert.Single(spans, span => span.Of("lockstep.step.kind") == "timeout").Error);
        var step = Assert.Single(spans, span => span.Of("process.exit.code") == "7" && span.Of("process.command_line") is not null);
        Assert.Equal(("exit code 7", "failure", "failure"), (step.Error!, step.Of("error.type")!, step.Of("cicd.pipeline.task.run.result")!));
        Assert.Null(Assert.Single(spans, span => span.Of("process.command_line") == "echo fine").Error);
    }

    [Fact]
    public void A_run_goes_on_with_the_trace_it_is_started_in_and_hands_it_to_its_steps()
    {
        using var stage = Traced("go: echo $TRACEPARENT\n").With("TRACEPARENT", Parent);
        var report = stage.Run("go");
        var spans = Spans();
        var step = Assert.Single(spans, span => span.Of("process.command_line") is not null);
        Assert.Equal($"00-0af7651916cd43dd8448eb211c80319c-{step.Id}-01\n", report.Output);
        Assert.Equal("b7ad6b7169203331", Assert.Single(spans, span => span.Of("cicd.pipeline.run.id") is not null).Parent);
        Assert.All(spans, span => Assert.Equal("0af7651916cd43dd8448eb211c80319c", span.Trace));
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", false)]
    [InlineData("not-a-trace", true)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", true)]
    public void A_trace_that_nobody_keeps_is_not_sent_and_one_that_is_none_is_ignored(string traceParent, bool sent)
    {
        using var stage = Traced("go: echo one\n").With("TRACEPARENT", traceParent);
        stage.Run("go");
        Assert.Equal(sent, _collector.All.Any(request => request.Path == "/v1/traces"));
    }

    [Fact]
    public void A_resumed_run_is_one_trace_and_one_span()
    {
        var control = new Lockstep.Execution.RunControl();
        using var stage = new Stage("go: {\n  echo one\n  echo two\n}\n") { Options = new RunOptions { Control = control } };
        stage.With("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Url).With("TRACEPARENT", Parent);
        control.Ask(new PauseRequest("a test", null));
        var run = stage.Run("go").Result.Run;
        stage.With("TRACEPARENT", "").Resume(run, new RunOptions());
        var spans = Spans();
        Assert.Single(spans, span => span.Name == "RUN go");
        Assert.Equal(2, spans.Count(span => span.Of("process.command_line") is not null));
        Assert.All(spans, span => Assert.Equal("0af7651916cd43dd8448eb211c80319c", span.Trace));
    }

    [Fact]
    public void Each_event_is_a_log_record_with_its_run_and_step()
    {
        using var stage = Traced("go: {\n  echo one\n  sh -c 'exit 3'\n}\n");
        var report = stage.Run("go");
        var records = Sent("/v1/logs", "resourceLogs", "scopeLogs", "logRecords");
        Assert.Equal(report.Events.Select(happened => happened.Sequence), records.Select(record => long.Parse(Attribute(record, "lockstep.sequence")!, CultureInfo.InvariantCulture)));
        Assert.All(records, record => Assert.Equal(report.Result.Run.Text, Attribute(record, "lockstep.run.id")));
        Assert.Equal(
            ["lockstep.execution:start INFO", "lockstep.step:start INFO", "lockstep.step:end INFO", "lockstep.step:start INFO", "lockstep.step:end ERROR", "lockstep.execution:end ERROR"],
            records.Select(record => $"{record.GetProperty("eventName").GetString()} {record.GetProperty("severityText").GetString()}"));
        var steps = Spans().ToDictionary(span => span.Id, span => span.Of("cicd.pipeline.task.name"));
        Assert.All(records, record => Assert.Equal(Attribute(record, "lockstep.step.id"), steps[record.GetProperty("spanId").GetString()!]));
    }

    [Theory]
    [InlineData("cumulative", 2)]
    [InlineData("delta", 1)]
    public void Runs_steps_durations_and_retries_are_counted(string preference, int temporality)
    {
        using var stage = Traced("go: {\n  echo one\n  @retry(2, delay = 0s) { sh -c 'test -e tried || { touch tried; exit 4; }' }\n}\n")
            .With("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", preference);
        stage.Run("go");
        var metrics = Sent("/v1/metrics", "resourceMetrics", "scopeMetrics", "metrics").ToDictionary(metric => metric.GetProperty("name").GetString()!);
        Assert.Equal("1", Number("lockstep.runs", "success"));
        Assert.Equal("2", Number("lockstep.steps", "success"));
        Assert.Equal("1", Number("lockstep.steps", "failure"));
        Assert.Equal("1", Number("lockstep.retries", null));
        var durations = metrics["cicd.pipeline.run.duration"].GetProperty("histogram");
        Assert.Equal(temporality, durations.GetProperty("aggregationTemporality").GetInt32());
        var point = durations.GetProperty("dataPoints")[0];
        Assert.Equal("1", point.GetProperty("count").GetString());
        Assert.Equal(point.GetProperty("explicitBounds").GetArrayLength() + 1, point.GetProperty("bucketCounts").GetArrayLength());
        Assert.Equal(1, point.GetProperty("bucketCounts").EnumerateArray().Sum(count => long.Parse(count.GetString()!, CultureInfo.InvariantCulture)));

        string? Number(string name, string? result) => metrics[name].GetProperty("sum").GetProperty("dataPoints").EnumerateArray()
            .Single(found => result is null || result == (Attribute(found, "cicd.pipeline.result") ?? Attribute(found, "cicd.pipeline.task.run.result"))).GetProperty("asInt").GetString();
    }

    [Fact]
    public void The_standard_variables_say_where_with_what_headers_and_as_whom()
    {
        using var stage = Traced("go: echo one\n")
            .With("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", _collector.Url + "/elsewhere").With("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b").With("OTEL_METRICS_EXPORTER", "none")
            .With("OTEL_SERVICE_NAME", "shop").With("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=ci,service.name=other");
        stage.Run("go");
        Assert.Equal(["/elsewhere", "/v1/logs"], _collector.All.Select(request => request.Path).Distinct().Order());
        Assert.All(_collector.All, request => Assert.Equal("a b", request.Headers["x-key"]));
        var resource = _collector.All[0].Json.EnumerateObject().First().Value[0].GetProperty("resource");
        Assert.Equal(("shop", "ci"), (Attribute(resource, "service.name"), Attribute(resource, "deployment.environment.name")));
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true", null)]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "the protocol is grpc, and lockstep speaks http/json only")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere", "the endpoint is not an absolute http or https URL")]
    public void What_can_not_be_followed_sends_nothing_and_stops_no_run(string variable, string value, string? notice)
    {
        using var stage = Traced("go: echo one\n").With(variable, value);
        var report = stage.Run("go");
        Assert.Equal(0, report.ExitCode);
        Assert.Empty(_collector.All);
        if (notice is null) Assert.Empty(report.Result.Notices);
        else Assert.All(report.Result.Notices, told => Assert.Contains(notice, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_collector_that_never_answers_or_refuses_leaves_the_run_alone()
    {
        await using var silent = new Collector(_ => 0);
        await using var refusing = new Collector(_ => 400);
        foreach (var collector in (Collector[])[silent, refusing])
        {
            using var stage = new Stage("go: echo one\n").With("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url).With("LOCKSTEP_DELIVERY_WAIT", collector == silent ? "0.1" : "60");
            var report = stage.Run("go");
            Assert.Equal(0, report.ExitCode);
            Assert.StartsWith("OpenTelemetry did not get all of this run: ", Assert.Single(report.Result.Notices), StringComparison.Ordinal);
        }

        Assert.Equal(3, refusing.All.Count);
    }

    [Fact]
    public void Secrets_are_in_nothing_that_is_sent()
    {
        using var stage = Traced("var TOKEN = @secret(TOKEN)\ngo: echo @var(TOKEN) -- hunter2hunter2\n").With("TOKEN", "hunter2hunter2");
        stage.Run("go");
        Assert.NotEmpty(_collector.All);
        Assert.DoesNotContain(_collector.All, request => request.Body.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void What_steps_print_is_not_sent_also_where_a_later_step_uses_it()
    {
        using var stage = Traced("make: echo print$((40 + 2))ed\ngo: {\n  @cmd(make)\n  echo got @output(make)\n}\n");
        var report = stage.Run("go");
        Assert.Contains(report.Events.OfType<StepEnded>(), ended => ended.Output == "print42ed");
        Assert.NotEmpty(_collector.All);
        Assert.DoesNotContain(_collector.All, request => request.Body.Contains("lockstep.output\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_is_shown_by_scheme_and_host_only()
    {
        await using var refusing = new Collector(_ => 403);
        using var stage = new Stage("go: echo one\n").With("OTEL_EXPORTER_OTLP_ENDPOINT", refusing.Url + "/key-4711");
        Assert.Equal($"OpenTelemetry did not get all of this run: 3 requests are lost: {refusing.Url}/…: it answered 403 Answer", Assert.Single(stage.Run("go").Result.Notices));
    }

    [Fact]
    public async Task What_a_collector_does_not_take_of_many_events_is_counted()
    {
        await using var refusing = new Collector(_ => 503);
        var story = new Story();
        var settings = OtlpSettings.Of(name => name == "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" ? refusing.Url : null, [])!;
        await using var exporter = new OtlpExporter(settings, Sketch.Plan("go"), TraceContext.Of(Story.Id, null), [], "0.1.0", new ManualTime());
        for (var step = 0; step < 3_000; step++) exporter.Hear(story.StepStarted("a") with { Text = new string('x', 8_000) });
        Assert.Matches($"^OpenTelemetry did not get all of this run: [0-9]+ requests are lost: {refusing.Url}/…: it answered 503 Answer$", (await exporter.Finish(TimeSpan.FromMinutes(1)))!);
    }

    [Fact]
    public void A_run_of_many_events_is_sent_in_requests_that_collectors_take()
    {
        using var stage = Traced($"go: {{\n{string.Concat(Enumerable.Repeat("  echo one > /dev/null\n", 700))}}}\n");
        var report = stage.Run("go");
        Assert.Empty(report.Result.Notices);
        var requests = _collector.All.Where(request => request.Path == "/v1/logs").ToArray();
        Assert.All(requests, request => Assert.InRange(request.Json.GetProperty("resourceLogs")[0].GetProperty("scopeLogs")[0].GetProperty("logRecords").GetArrayLength(), 1, 1_000));
        Assert.Equal(report.Events.Select(happened => happened.Sequence), Sent("/v1/logs", "resourceLogs", "scopeLogs", "logRecords").Select(record => long.Parse(Attribute(record, "lockstep.sequence")!, CultureInfo.InvariantCulture)));
    }

    private Stage Traced(string commands) => new Stage(commands).With("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Url);

    private List<Seen> Spans() => [.. Sent("/v1/traces", "resourceSpans", "scopeSpans", "spans").Select(span => new Seen(
        span.GetProperty("traceId").GetString()!,
        span.GetProperty("spanId").GetString()!,
        span.TryGetProperty("parentSpanId", out var parent) ? parent.GetString() : null,
        span.GetProperty("name").GetString()!,
        long.Parse(span.GetProperty("startTimeUnixNano").GetString()!, CultureInfo.InvariantCulture),
        long.Parse(span.GetProperty("endTimeUnixNano").GetString()!, CultureInfo.InvariantCulture),
        span.GetProperty("status").TryGetProperty("message", out var error) ? error.GetString() : null,
        span))];

    private List<JsonElement> Sent(string path, string outer, string scoped, string items) =>
    [
        .. from request in _collector.All
           where request.Path == path
           from resource in request.Json.GetProperty(outer).EnumerateArray()
           from scope in resource.GetProperty(scoped).EnumerateArray()
           from item in scope.GetProperty(items).EnumerateArray()
           select item,
    ];

    private static string? Attribute(JsonElement owner, string name)
    {
        foreach (var attribute in owner.GetProperty("attributes").EnumerateArray())
            if (attribute.GetProperty("key").ValueEquals(name)) return attribute.GetProperty("value").EnumerateObject().Single().Value.ToString();
        return null;
    }

    private sealed record Seen(string Trace, string Id, string? Parent, string Name, long Start, long End, string? Error, JsonElement Json)
    {
        public string? Of(string attribute) => Attribute(Json, attribute);
    }
}
