using System.Globalization;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Deliveries;

namespace Lockstep.Telemetry.Webhooks;

/// <summary>Delivers what waits in the store for one receiver: of each run in order, at least once.</summary>
internal sealed class WebhookDelivery(string store, WebhookReceiver receiver, string version, TimeProvider clock, Random random) : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _claim = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(5);

    /// <summary>How long a run waits whose events the receiver refuses for what they hold.</summary>
    private static readonly TimeSpan _hold = TimeSpan.FromHours(1);

    /// <summary>How many events are in memory at a time.</summary>
    private const int EventsAtATime = 1_000;

    private readonly List<string> _givenUp = [];
    private readonly Dictionary<RunId, string> _refused = [];
    private HttpClient? _client;
    private DeliveryQueue? _queue;
    private History? _history;
    private bool _open;
    private DateTimeOffset _ownHeldUntil;

    /// <summary>How long a locked store is tried again, before it counts as one that can't be used; for ever without a word.</summary>
    public TimeSpan StorePatience { private get; init; } = TimeSpan.MaxValue;

    /// <summary>When there may be something to do; the past while the receiver is well.</summary>
    public DateTimeOffset Due { get; private set; }

    /// <summary>Why the receiver did not take what it was last sent; null while it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>Why the receiver refuses what runs hold, by run.</summary>
    public IReadOnlyDictionary<RunId, string> Refusals => _refused;

    /// <summary>What will not be delivered and why, a sentence each.</summary>
    public IReadOnlyList<string> GivenUp => _givenUp;

    /// <summary>Whether another process had the store locked when it was last asked something.</summary>
    public bool StoreIsLocked { get; private set; }

    /// <summary>Delivers all that waits, until the receiver fails. A run that is damaged, or refused for what it holds, holds up no other.</summary>
    /// <param name="own">The run that this process executes; null for none.</param>
    /// <param name="others">Whether other runs' events are delivered too.</param>
    /// <param name="cancel">Ends it; what was on its way may have been taken or not.</param>
    /// <exception cref="JournalException">The store can't be used.</exception>
    public async Task<DeliveryRound> DeliverAll(RunId? own, bool others, CancellationToken cancel)
    {
        var round = new DeliveryRound(0, Complete: false);
        if (!await InStore(() => Open(own), cancel).ConfigureAwait(false)) return round;
        var receiverDue = (await InStore(() => _queue!.StateOf(receiver.Id), cancel).ConfigureAwait(false)).Due;
        Due = receiverDue > _ownHeldUntil ? receiverDue : _ownHeldUntil;
        if (Due > clock.GetUtcNow()) return round;
        foreach (var delivery in await InStore(() => _queue!.Waiting(receiver.Id, clock.GetUtcNow()), cancel).ConfigureAwait(false))
        {
            var mine = delivery.Run == own;
            if (!others && !mine) continue;
            try
            {
                if (await Deliver(delivery, mine, cancel).ConfigureAwait(false) is not { } last) return round;
                if (mine) round = round with { Settled = last };
            }
            catch (JournalException damaged) when (damaged.Where is null)
            {
                await InStore(() => GiveUp(delivery, damaged), cancel).ConfigureAwait(false);
            }
        }

        return round with { Complete = true };
    }

    /// <summary>The runs that have events which wait for the receiver.</summary>
    /// <param name="only">The one run to ask about; null for all.</param>
    /// <param name="most">How many runs to name at most.</param>
    /// <exception cref="JournalException">The store can't be used, or not at this moment.</exception>
    public IReadOnlyList<RunId> WaitingRuns(RunId? only = null, int most = int.MaxValue) => Reach() ? _queue!.WaitingRuns(receiver.Id, receiver.Events, only, most) : [];

    /// <summary>The last event of a run that is in the store, from where it is delivered; 0 for none.</summary>
    /// <exception cref="JournalException">The store can't be used, or not at this moment.</exception>
    public long LastKept(RunId run) => Reach() ? _queue!.LastOf(run) : 0;

    /// <summary>Lets the receiver be tried at once, however often it failed, and with what it refused.</summary>
    public async Task TryAgain(CancellationToken cancel)
    {
        if (await InStore(Reach, cancel).ConfigureAwait(false)) await InStore(() => _queue!.TryAgain(receiver.Id), cancel).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _client?.Dispose();
        _queue?.Dispose();
        _history?.Dispose();
    }

    /// <returns>Whether there is a store.</returns>
    private bool Reach()
    {
        _queue ??= DeliveryQueue.Open(store, StoreWaits.Attempt);
        if (_queue is null) return false;
        _history ??= History.Open(store, StoreWaits.Attempt);
        return true;
    }

    private bool Open(RunId? own)
    {
        if (_open) return true;
        if (!Reach()) return false;
        _queue!.Forget(clock.GetUtcNow());
        if (own is { } run) _queue.Enter(run, receiver.Id);
        return _open = true;
    }

    private async Task InStore(Action change, CancellationToken cancel)
        => _ = await InStore(() =>
        {
            change();
            return true;
        }, cancel).ConfigureAwait(false);

    /// <summary>Asks the store, which is never waited for by keeping a thread: while another process has it locked, it is asked again and again.</summary>
    private async Task<T> InStore<T>(Func<T> question, CancellationToken cancel)
    {
        for (var begun = clock.GetTimestamp(); ;)
        {
            try
            {
                var answer = question();
                StoreIsLocked = false;
                return answer;
            }
            catch (JournalException locked) when (StoreProblem.IsLocked(locked) && clock.GetElapsedTime(begun) < StorePatience)
            {
                StoreIsLocked = true;
            }

            await Task.Delay(StoreWaits.Attempt, clock, cancel).ConfigureAwait(false);
        }
    }

    /// <returns>The last event that is settled; null when the receiver takes nothing at all.</returns>
    private async Task<long?> Deliver(Delivery delivery, bool mine, CancellationToken cancel)
    {
        var settled = delivery.Sequence;
        while (true)
        {
            var events = await InStore(() => _history!.FirstEvents(delivery.Run, settled, EventsAtATime), cancel).ConfigureAwait(false);
            if (events.Count == 0) break;
            foreach (var batch in WebhookBatch.Of(delivery.Run, events, receiver))
            {
                if (!await InStore(() => Claim(delivery, mine), cancel).ConfigureAwait(false)) return settled;
                if (batch.Events.Count > 0 && await Send(batch, cancel).ConfigureAwait(false) is { } refusal)
                {
                    var passes = refusal.What == Refused.ThisContent;
                    await InStore(() => NotTaken(delivery, refusal, passes, mine), cancel).ConfigureAwait(false);
                    return passes ? settled : null;
                }

                settled = batch.Last;
                await InStore(() => _queue!.Delivered(delivery, settled, batch.EndsRun), cancel).ConfigureAwait(false);
            }

            if (events[^1] is RunEnded) break;
        }

        Problem = null;
        return settled;
    }

    private bool Claim(Delivery delivery, bool mine)
    {
        var now = clock.GetUtcNow();
        return _queue!.Claim(delivery, now, now + _claim, mine);
    }

    private Task<Refusal?> Send(WebhookBatch batch, CancellationToken cancel)
    {
        var body = batch.Body();
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        List<(string, string)> headers = [("webhook-id", batch.Id), ("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture))];
        if (receiver.Secret is { } secret) headers.Add(("webhook-signature", WebhookSignature.Of(secret, batch.Id, timestamp, body)));
        return Outbound.Post(_client ??= Outbound.Connect(_timeout, version), receiver.Url, body, headers, cancel);
    }

    private void NotTaken(Delivery delivery, Refusal refusal, bool passes, bool mine)
    {
        if (passes) Hold(delivery, refusal.Why, mine);
        else Fail(delivery, refusal.Why);
    }

    private void Hold(Delivery delivery, string why, bool mine)
    {
        var until = clock.GetUtcNow() + _hold;
        _queue!.Hold(delivery, until);
        _refused[delivery.Run] = why;
        if (mine) Due = _ownHeldUntil = until;
    }

    private void Fail(Delivery delivery, string problem)
    {
        Problem = problem;
        var failures = _queue!.StateOf(receiver.Id).Failures + 1;
        var wait = TimeSpan.FromTicks((long)Math.Min(_firstWait.Ticks * Math.Pow(2, Math.Min(failures - 1, 30)), _longestWait.Ticks));
        Due = clock.GetUtcNow() + wait * (0.5 + random.NextDouble() / 2);
        _queue.Failed(delivery, new(failures, Due));
    }

    private void GiveUp(Delivery delivery, JournalException damaged)
    {
        _queue!.GiveUp(delivery);
        _givenUp.Add($"events of {delivery.Run} are not sent to the webhook {receiver.Shown}: {damaged.Message}");
    }
}

/// <summary>What came of trying to deliver all that waits.</summary>
/// <param name="Settled">The last event of the own run that is settled; 0 where that is not known.</param>
/// <param name="Complete">Whether the receiver was tried with all that waited.</param>
internal readonly record struct DeliveryRound(long Settled, bool Complete);
