using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Telemetry.Otlp;

/// <summary>Sends a run's traces, logs and metrics to a collector while the run goes on, beside it. What no collector takes in time is lost.</summary>
internal sealed class OtlpExporter : IAsyncDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes of requests are kept while the collector takes none.</summary>
    private const long MostWaiting = 16 << 20;

    /// <summary>How many events, or spans, are sent in one request, and are worth to be turned into one at once.</summary>
    private const int Together = 1_000;

    private readonly OtlpSettings _settings;
    private readonly TraceContext _trace;
    private readonly Plan _plan;
    private readonly TimeProvider _clock;
    private readonly OtlpJson _json;
    private readonly SpanTree _spans;
    private readonly RunMetrics _metrics;
    private readonly HttpClient _client;
    private readonly object _gate = new();
    private readonly OtlpBacklog _waiting = new(MostWaiting);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pumping;
    private volatile TaskCompletionSource _many = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<RunEvent> _heard = [];
    private string? _problem;
    private bool _failing;

    /// <param name="settings">Where to.</param>
    /// <param name="plan">The run's plan.</param>
    /// <param name="trace">The run's trace.</param>
    /// <param name="before">What happened in the run before this process went on with it.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="clock">The clock of the pauses between requests.</param>
    public OtlpExporter(OtlpSettings settings, Plan plan, TraceContext trace, IReadOnlyList<RunEvent> before, string version, TimeProvider clock)
    {
        _settings = settings;
        _trace = trace;
        _plan = plan;
        _clock = clock;
        _json = new([.. settings.Resource, ("service.version", version), ("service.instance.id", trace.Run.Text)], version);
        _spans = new(plan, trace);
        _metrics = new(plan);
        _client = Outbound.Connect(settings.Timeout, version);
        foreach (var happened in before) _spans.Take(happened);
        _spans.TakeFinished();
        _pumping = Task.Run(Pump);
    }

    /// <summary>Something happened. On any thread; returns at once.</summary>
    public void Hear(RunEvent happened)
    {
        // What steps print is not sent, and is not to be kept for that.
        if (happened is StepEnded { Output: not null } ended) happened = ended with { Output = null };
        lock (_gate)
        {
            _heard.Add(happened);
            if (_heard.Count < Together) return;
        }

        _many.TrySetResult();
    }

    /// <summary>The run has ended or stands still: sends the rest, if the collector takes it within the given time.</summary>
    /// <returns>What was lost, in a sentence; null when nothing was.</returns>
    public async Task<string?> Finish(TimeSpan patience)
    {
        _ended.TrySetResult();
        _stop.CancelAfter(patience);
        await _pumping.ConfigureAwait(false);
        var lost = _waiting.Lost + _waiting.Count;
        return lost == 0 ? null : $"OpenTelemetry did not get all of this run: {(lost == 1 ? "1 request is lost" : $"{lost} requests are lost")}: {_problem ?? $"the collector took it for more than {patience.TotalSeconds:0.#} s"}";
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pumping.ConfigureAwait(false);
        _client.Dispose();
        _stop.Dispose();
    }

    /// <summary>Turns what is heard into requests, beside what is on its way: so what waits is what can be counted, however long a collector takes.</summary>
    private async Task Pump()
    {
        using var over = new CancellationTokenSource();
        var sending = Task.CompletedTask;
        var pace = Task.Delay(_pace, _clock, over.Token);
        while (true)
        {
            await Task.WhenAny(pace, _many.Task, _ended.Task).ConfigureAwait(false);
            if (_many.Task.IsCompleted) _many = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var last = _ended.Task.IsCompleted;
            Collect(last);
            if (last) break;
            if (sending.IsCompleted && (pace.IsCompleted || !_failing)) sending = Send();
            if (pace.IsCompleted) pace = Task.Delay(_pace, _clock, over.Token);
        }

        await over.CancelAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(false);
        await Send().ConfigureAwait(false);
    }

    /// <summary>Turns what was heard into requests.</summary>
    private void Collect(bool last)
    {
        List<RunEvent> heard;
        lock (_gate) (heard, _heard) = (_heard, []);
        foreach (var happened in heard)
        {
            _spans.Take(happened);
            _metrics.Take(happened);
        }

        var finished = _spans.TakeFinished();
        if (_settings.Traces is { } traces && _trace.Sampled)
            foreach (var spans in finished.Chunk(Together)) _waiting.Add(new(traces, _json.Traces(spans, _trace.TraceId)));
        if (_settings.Logs is { } logs)
            foreach (var events in heard.Chunk(Together)) _waiting.Add(new(logs, _json.Logs(events, _trace, _spans)));
        if (_settings.Metrics is { } metrics && last && _metrics.Since is not null) _waiting.Add(new(metrics, _json.Metrics(_metrics, _plan.Command, _settings.Delta)));
    }

    /// <summary>Sends what waits, until the collector takes nothing more or the time is over.</summary>
    private async Task Send()
    {
        while (_waiting.Take() is { } next)
        {
            Refusal? refused;
            try
            {
                refused = await Outbound.Post(_client, next.To.Url, next.Json, next.To.Headers, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _waiting.PutBack(next);
                return;
            }

            _failing = refused is { What: Refused.ForNow };
            if (refused is null) continue;
            _problem = $"{Outbound.Shown(next.To.Url)}: {refused.Why}";
            if (_failing)
            {
                _waiting.PutBack(next);
                return;
            }

            _waiting.GiveUp();
        }
    }
}
