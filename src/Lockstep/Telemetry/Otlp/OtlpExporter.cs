using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Telemetry.Otlp;

/// <summary>Sends a run's traces, logs and metrics to a collector while the run goes on, beside it. What no collector takes in time is lost.</summary>
internal sealed class OtlpExporter : IAsyncDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(5);

    /// <summary>How many requests are kept while the collector takes none; then the oldest go.</summary>
    private const int MostWaiting = 64;

    private readonly OtlpSettings _settings;
    private readonly TraceContext _trace;
    private readonly Plan _plan;
    private readonly TimeProvider _clock;
    private readonly OtlpJson _json;
    private readonly SpanTree _spans;
    private readonly RunMetrics _metrics;
    private readonly HttpClient _client;
    private readonly object _gate = new();
    private readonly Queue<(OtlpEndpoint To, byte[] Json)> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pumping;
    private List<RunEvent> _heard = [];
    private string? _problem;
    private int _lost;

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
        lock (_gate) _heard.Add(happened);
    }

    /// <summary>The run has ended or stands still: sends the rest, if the collector takes it within the given time.</summary>
    /// <returns>What was lost, in a sentence; null when nothing was.</returns>
    public async Task<string?> Finish(TimeSpan patience)
    {
        _ended.TrySetResult();
        _stop.CancelAfter(patience);
        await _pumping.ConfigureAwait(false);
        var lost = _lost + _waiting.Count;
        return lost == 0 ? null : $"OpenTelemetry did not get all of this run: {_problem ?? $"the collector took it for more than {patience.TotalSeconds:0.#} s"}";
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pumping.ConfigureAwait(false);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task Pump()
    {
        while (true)
        {
            if (!_ended.Task.IsCompleted)
            {
                using var over = new CancellationTokenSource();
                await Task.WhenAny(Task.Delay(_pace, _clock, over.Token), _ended.Task).ConfigureAwait(false);
                await over.CancelAsync().ConfigureAwait(false);
            }

            var last = _ended.Task.IsCompleted;
            Collect(last);
            try
            {
                await Send().ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (last) return;
        }
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

        if (_settings.Traces is { } traces && _trace.Sampled && _spans.TakeFinished() is { Count: > 0 } spans) Add(traces, _json.Traces(spans, _trace.TraceId));
        if (_settings.Logs is { } logs && heard.Count > 0) Add(logs, _json.Logs(heard, _trace, _spans));
        if (_settings.Metrics is { } metrics && last && _metrics.Since is not null) Add(metrics, _json.Metrics(_metrics, _plan.Command, _settings.Delta));
    }

    private void Add(OtlpEndpoint to, byte[] json)
    {
        _waiting.Enqueue((to, json));
        if (_waiting.Count <= MostWaiting) return;
        _waiting.Dequeue();
        _lost++;
    }

    private async Task Send()
    {
        while (_waiting.TryPeek(out var next))
        {
            if (await Outbound.Post(_client, next.To.Url, next.Json, next.To.Headers, _stop.Token).ConfigureAwait(false) is { } refused)
            {
                _problem = $"{next.To.Url.Scheme}://{next.To.Url.Authority}{next.To.Url.AbsolutePath}: {refused.Why}";
                if (refused.Passing) return;
                _lost++;
            }

            _waiting.Dequeue();
        }
    }
}
