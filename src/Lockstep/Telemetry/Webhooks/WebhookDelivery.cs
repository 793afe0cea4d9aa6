using System.Globalization;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Deliveries;

namespace Lockstep.Telemetry.Webhooks;

/// <summary>Delivers what waits in the store for one receiver: of each run in order, at least once.</summary>
internal sealed class WebhookDelivery(string store, WebhookReceiver receiver, string version, TimeProvider clock, Random random) : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _claim = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(5);

    private HttpClient? _client;
    private DeliveryQueue? _queue;
    private History? _history;

    /// <summary>When the receiver may be tried; the past while it is well.</summary>
    public DateTimeOffset Due { get; private set; }

    /// <summary>Why the receiver did not take what it was last sent; null while it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>Delivers all that waits, until the receiver fails.</summary>
    /// <param name="own">The run that this process executes; null for none.</param>
    /// <param name="others">Whether other runs' events are delivered too.</param>
    /// <param name="cancel">Ends it; what was on its way may have been taken or not.</param>
    /// <returns>The last event of the own run that is settled; 0 where that is not known.</returns>
    public async Task<long> DeliverAll(RunId? own, bool others, CancellationToken cancel)
    {
        var settled = 0L;
        if (!Open(own) || _queue!.StateOf(receiver.Id) is var state && (Due = state.Due) > clock.GetUtcNow()) return settled;
        foreach (var delivery in _queue.Waiting(receiver.Id))
        {
            if (!others && delivery.Run != own) continue;
            if (await Deliver(delivery, delivery.Run == own, cancel).ConfigureAwait(false) is not { } last) return settled;
            if (delivery.Run == own) settled = last;
        }

        return settled;
    }

    /// <summary>The runs that have events that wait for the receiver.</summary>
    public IReadOnlyList<RunId> WaitingRuns()
    {
        if (!Open(null)) return [];
        return [.. _queue!.Waiting(receiver.Id)
            .Where(delivery => WebhookBatch.Of(delivery.Run, _history!.Events(delivery.Run, delivery.Sequence), receiver).Any(batch => batch.Events.Count > 0))
            .Select(delivery => delivery.Run)];
    }

    /// <summary>Lets the receiver be tried at once, however often it failed.</summary>
    public void TryAgain()
    {
        if (Open(null)) _queue!.IsWell(receiver.Id);
    }

    public void Dispose()
    {
        _client?.Dispose();
        _queue?.Dispose();
        _history?.Dispose();
    }

    private bool Open(RunId? own)
    {
        if (_queue is not null) return true;
        _queue = DeliveryQueue.Open(store);
        if (_queue is null) return false;
        _history = History.Open(store);
        _queue.Forget(clock.GetUtcNow());
        if (own is { } run) _queue.Enter(run, receiver.Id);
        return true;
    }

    /// <returns>The last event that is settled; null when the receiver did not take one.</returns>
    private async Task<long?> Deliver(Delivery delivery, bool mine, CancellationToken cancel)
    {
        var settled = delivery.Sequence;
        foreach (var batch in WebhookBatch.Of(delivery.Run, _history!.Events(delivery.Run, delivery.Sequence), receiver))
        {
            var now = clock.GetUtcNow();
            if (!_queue!.Claim(delivery, now, now + _claim, mine)) return settled;
            if (batch.Events.Count > 0 && await Send(batch, cancel).ConfigureAwait(false) is { Why: var problem })
            {
                Fail(delivery, problem);
                return null;
            }

            settled = batch.Last;
            _queue.Delivered(delivery, settled, batch.EndsRun);
        }

        Problem = null;
        return settled;
    }

    private Task<Refusal?> Send(WebhookBatch batch, CancellationToken cancel)
    {
        var body = batch.Body();
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        List<(string, string)> headers = [("webhook-id", batch.Id), ("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture))];
        if (receiver.Secret is { } secret) headers.Add(("webhook-signature", WebhookSignature.Of(secret, batch.Id, timestamp, body)));
        return Outbound.Post(_client ??= Outbound.Connect(_timeout, version), receiver.Url, body, headers, cancel);
    }

    private void Fail(Delivery delivery, string problem)
    {
        Problem = problem;
        var failures = _queue!.StateOf(receiver.Id).Failures + 1;
        var wait = TimeSpan.FromTicks((long)Math.Min(_firstWait.Ticks * Math.Pow(2, Math.Min(failures - 1, 30)), _longestWait.Ticks));
        Due = clock.GetUtcNow() + wait * (0.5 + random.NextDouble() / 2);
        _queue.Failed(delivery, new(failures, Due));
    }
}
