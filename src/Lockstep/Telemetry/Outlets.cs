using System.Collections.Immutable;
using Lockstep.Configuration;
using Lockstep.Journal;
using Lockstep.Source;
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
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly OutletSurroundings _around;
    private readonly ImmutableArray<WebhookReceiver> _receivers;
    private readonly List<string> _notices;
    private readonly List<WebhookPump> _pumps = [];

    private Outlets(OutletSurroundings around, ImmutableArray<WebhookReceiver> receivers, List<string> notices)
    {
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
        if (file.Webhooks.IsEmpty && string.IsNullOrEmpty(url)) return null;

        var notices = new List<string>();
        return new(around, WebhooksOf(file, url, around.Environment, notices), notices);
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
    public void Begin(RunId run)
    {
        foreach (var receiver in _receivers) _pumps.Add(new WebhookPump(receiver, DeliveryTo(receiver), run, _around.Clock));
    }

    /// <summary>Something happened in the run. On the run's own thread; returns at once.</summary>
    public void Hear(RunEvent happened)
    {
        foreach (var pump in _pumps) pump.Hear(happened);
    }

    /// <summary>The run has ended or stands still, and all of it is in the store.</summary>
    /// <returns>What could not be told yet, in sentences.</returns>
    public async Task<IReadOnlyList<string>> Finish()
    {
        var left = await Task.WhenAll(_pumps.Select(pump => pump.Finish(_patience)));
        return [.. _notices, .. left.OfType<string>()];
    }

    /// <summary>Delivers what earlier runs left, trying also receivers that failed a moment ago.</summary>
    /// <returns>How many runs each receiver still waits for, and why.</returns>
    public async Task<IReadOnlyList<UndeliveredEvents>> DeliverWaiting(CancellationToken cancel)
        => await Task.WhenAll(_receivers.Select(async receiver =>
        {
            using var delivery = DeliveryTo(receiver);
            delivery.TryAgain();
            await delivery.DeliverAll(own: null, others: true, cancel);
            return new UndeliveredEvents(receiver.Shown, delivery.WaitingRuns(), delivery.Problem);
        }));

    public async ValueTask DisposeAsync()
    {
        foreach (var pump in _pumps) await pump.DisposeAsync();
    }

    private WebhookDelivery DeliveryTo(WebhookReceiver receiver) => new(_around.Store, receiver, _around.Version, _around.Clock, _around.Random);
}

/// <summary>What waits for a receiver of events.</summary>
/// <param name="Receiver">The receiver, by scheme and host: the rest of an address may be secret.</param>
/// <param name="Runs">The runs some of whose events it has not taken yet.</param>
/// <param name="Problem">Why it did not take them; null when it did, or was not asked.</param>
public sealed record UndeliveredEvents(string Receiver, IReadOnlyList<RunId> Runs, string? Problem);
