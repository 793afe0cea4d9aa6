using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Configuration;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Source;
using Lockstep.Sqlite.Connections;
using Lockstep.Telemetry.Otlp;
using Lockstep.Telemetry.Webhooks;

namespace Lockstep.Telemetry;

/// <summary>Around whom a run tells others of itself.</summary>
/// <param name="Environment">Gives a variable's value.</param>
/// <param name="Store">The folder of the store.</param>
/// <param name="Version">The program's version.</param>
internal sealed record OutletSurroundings(Func<string, string?> Environment, string Store, string Version, TimeProvider Clock, Random Random);

/// <summary>Everybody who is told of a run's events, as far as anybody is configured. Slow or dead ones cost the run nothing.</summary>
internal sealed class Outlets : IAsyncDisposable
{
    /// <summary>How long a process stays after its run for what is not delivered yet.</summary>
    private static readonly TimeSpan _usualPatience = TimeSpan.FromSeconds(1);

    private readonly OutletSurroundings _around;
    private readonly ImmutableArray<WebhookReceiver> _receivers;
    private readonly List<string> _notices;
    private readonly List<WebhookPump> _pumps = [];
    private readonly OtlpSettings? _otlp;
    private OtlpExporter? _exporter;
    private TraceContext? _trace;

    private Outlets(OutletSurroundings around, ImmutableArray<WebhookReceiver> receivers, OtlpSettings? otlp, List<string> notices)
    {
        _otlp = otlp;
        _around = around;
        _receivers = receivers;
        _notices = notices;
    }

    /// <summary>The ids of the webhooks' receivers, to be entered with the run.</summary>
    public IEnumerable<string> Receivers => _receivers.Select(receiver => receiver.Id);

    /// <summary>Who is configured by a folder's file or by the environment; null for nobody.</summary>
    /// <exception cref="DefinitionException">The file can't be used.</exception>
    public static Outlets? Of(string folder, OutletSurroundings around)
    {
        var file = ConfigurationFile.Of(folder);
        var url = around.Environment("LOCKSTEP_WEBHOOK_URL");
        var notices = new List<string>();
        var otlp = OtlpSettings.Of(around.Environment, notices);
        if (file.Webhooks.IsEmpty && string.IsNullOrEmpty(url) && otlp is null && notices.Count == 0) return null;
        return new(around, WebhooksOf(file, url, around.Environment, notices), otlp, notices);
    }

    /// <summary>The configured receivers of webhooks; what is wrong with the others is noted.</summary>
    private static ImmutableArray<WebhookReceiver> WebhooksOf(ConfigurationFile file, string? url, Func<string, string?> environment, List<string> notices)
    {
        var receivers = ImmutableArray.CreateBuilder<WebhookReceiver>();
        foreach (var webhook in file.Webhooks)
        {
            if (webhook.Url.Value(environment) is not { } address) notices.Add($"a webhook is not told of this run: {webhook.Url.Text} is not set, which holds its address");
            else if (webhook.Secret is { } secret && secret.Value(environment) is null) notices.Add($"a webhook is not told of this run: {secret.Text} is not set, which holds its secret");
            else Add(address, webhook.Secret?.Value(environment), webhook.Events);
        }

        if (!string.IsNullOrEmpty(url))
        {
            var events = environment("LOCKSTEP_WEBHOOK_EVENTS") is { Length: > 0 } listed
                ? listed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToImmutableArray()
                : ["*"];
            Add(url, environment("LOCKSTEP_WEBHOOK_SECRET") is { Length: > 0 } secret ? secret : null, events);
        }

        return receivers.DistinctBy(receiver => receiver.Id).ToImmutableArray();

        void Add(string address, string? secret, ImmutableArray<string> events)
        {
            if (WebhookReceiver.Of(address, secret, events) is { } receiver) receivers.Add(receiver);
            else notices.Add("a webhook is not told of this run: its address is not an absolute http or https URL");
        }
    }

    /// <summary>Begins to tell of a run that has begun, or goes on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="start">What begins it, or goes on with it.</param>
    /// <param name="before">What happened in it before.</param>
    /// <param name="kept">Whether it is in the store, which is the queue of the webhooks.</param>
    public void Begin(RunId run, Plan plan, RunEvent start, IReadOnlyList<RunEvent> before, bool kept)
    {
        if (_otlp is not null)
        {
            _trace = TraceContext.Of(run, start is RunResumed ? before.OfType<RunStarted>().FirstOrDefault()?.TraceParent : TraceParent);
            _exporter = new(_otlp, plan, _trace, before, _around.Version, _around.Clock);
        }

        if (!kept) return;
        foreach (var receiver in _receivers) _pumps.Add(new WebhookPump(receiver, DeliveryTo(receiver, TimeSpan.MaxValue), run, _around.Clock));
    }

    /// <summary>The trace that this process was started in; null for none, or where traces are not told of.</summary>
    public string? TraceParent => _otlp is not null && _around.Environment(TraceContext.Variable) is var text && TraceContext.IsValid(text) ? text : null;

    /// <summary>What a step's process is handed as <c>TRACEPARENT</c>; null for what it has anyway.</summary>
    public string? TraceParentOf(StepId step, string attempt) => _trace?.HeaderOf(_trace.SpanOf(step, attempt));

    /// <summary>Something happened in the run. On the run's own thread; returns at once.</summary>
    public void Hear(RunEvent happened)
    {
        _exporter?.Hear(happened);
        foreach (var pump in _pumps) pump.Hear(happened);
    }

    /// <summary>The run has ended or stands still, and all of it is in the store.</summary>
    /// <returns>What could not be told yet, in sentences.</returns>
    public async Task<IReadOnlyList<string>> Finish()
    {
        var patience = double.TryParse(_around.Environment("LOCKSTEP_DELIVERY_WAIT"), CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : _usualPatience;
        var telling = _exporter?.Finish(patience);
        var left = await Task.WhenAll(_pumps.Select(pump => pump.Finish(patience)));
        var lost = telling is null ? null : await telling;
        return [.. _notices, .. left.SelectMany(notices => notices), .. lost is null ? [] : new[] { lost }];
    }

    /// <summary>Delivers what earlier runs left, trying also receivers that failed a moment ago.</summary>
    /// <returns>How many runs each receiver still waits for, and why.</returns>
    public async Task<IReadOnlyList<UndeliveredEvents>> DeliverWaiting(CancellationToken cancel)
        => await Task.WhenAll(_receivers.Select(async receiver =>
        {
            using var delivery = DeliveryTo(receiver, StoreConnection.BusyTimeout);
            await delivery.TryAgain(cancel);
            await delivery.DeliverAll(own: null, others: true, cancel);
            return new UndeliveredEvents(receiver.Shown, delivery.WaitingRuns(), delivery.Problem ?? delivery.Refusals.Values.FirstOrDefault()) { GivenUp = delivery.GivenUp };
        }));

    public async ValueTask DisposeAsync()
    {
        if (_exporter is not null) await _exporter.DisposeAsync();
        foreach (var pump in _pumps) await pump.DisposeAsync();
    }

    private WebhookDelivery DeliveryTo(WebhookReceiver receiver, TimeSpan storePatience)
        => new(_around.Store, receiver, _around.Version, _around.Clock, _around.Random) { StorePatience = storePatience };
}

/// <summary>What waits for a receiver of events.</summary>
/// <param name="Receiver">The receiver, by scheme and host: the rest of an address may be secret.</param>
/// <param name="Runs">The runs some of whose events it has not taken yet.</param>
/// <param name="Problem">Why it did not take them; null when it did, or was not asked.</param>
public sealed record UndeliveredEvents(string Receiver, IReadOnlyList<RunId> Runs, string? Problem)
{
    /// <summary>What was found damaged, and will never be sent, in sentences; told once.</summary>
    public IReadOnlyList<string> GivenUp { get; init; } = [];
}
