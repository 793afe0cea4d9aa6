using Lockstep.Journal;

namespace Lockstep.Telemetry.Webhooks;

/// <summary>Delivers a run's events to one receiver while the run goes on, beside it; first what earlier runs left.</summary>
internal sealed class WebhookPump : IAsyncDisposable
{
    /// <summary>How long events wait for others to share a request with, and for being durable.</summary>
    private static readonly TimeSpan _company = TimeSpan.FromMilliseconds(100);

    private readonly WebhookReceiver _receiver;
    private readonly WebhookDelivery _delivery;
    private readonly RunId _run;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pumping;
    private volatile TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heard;
    private string? _broken;

    public WebhookPump(WebhookReceiver receiver, WebhookDelivery delivery, RunId run, TimeProvider clock)
    {
        _receiver = receiver;
        _delivery = delivery;
        _run = run;
        _clock = clock;
        _pumping = Task.Run(Pump);
    }

    /// <summary>There is a new event. On any thread; returns at once.</summary>
    public void Hear(RunEvent happened)
    {
        Volatile.Write(ref _heard, happened.Sequence);
        _news.TrySetResult();
    }

    /// <summary>The run has ended or stands still: delivers the rest, if the receiver is well and takes it within the given time.</summary>
    /// <returns>What is left for later, in a sentence; null when nothing is.</returns>
    public async Task<string?> Finish(TimeSpan patience)
    {
        _ended.TrySetResult();
        _news.TrySetResult();
        _stop.CancelAfter(patience);
        await _pumping.ConfigureAwait(false);
        if (_broken is not null) return _broken;
        try
        {
            var runs = _delivery.WaitingRuns();
            return runs.Contains(_run)
                ? $"events of {(runs.Count == 1 ? "1 run" : $"{runs.Count} runs")} wait for the webhook {_receiver.Shown}: {_delivery.Problem ?? "it has not taken them yet"}; the next run or `lockstep deliver` tries again"
                : null;
        }
        catch (JournalException problem)
        {
            return Broken(problem);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        _news.TrySetResult();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pumping.ConfigureAwait(false);
        _delivery.Dispose();
        _stop.Dispose();
    }

    private async Task Pump()
    {
        try
        {
            var others = true;
            var settled = 0L;
            while (true)
            {
                if (!_ended.Task.IsCompleted)
                {
                    if (settled >= Volatile.Read(ref _heard)) await _news.Task.ConfigureAwait(false);
                    await Pause(_delivery.Due - _clock.GetUtcNow() is var wait && wait > _company ? wait : _company).ConfigureAwait(false);
                }

                var last = _ended.Task.IsCompleted;
                _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
                settled = Math.Max(settled, await _delivery.DeliverAll(_run, others, _stop.Token).ConfigureAwait(false));
                others &= _delivery.Problem is not null || _delivery.Due > _clock.GetUtcNow();
                if (last) return;
                if (_ended.Task.IsCompleted || settled < Volatile.Read(ref _heard)) _news.TrySetResult();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The time after the run is over; the rest is delivered later.
        }
        catch (JournalException problem)
        {
            _broken = Broken(problem);
        }
    }

    /// <summary>Waits, but not beyond the end of the run.</summary>
    private async Task Pause(TimeSpan wait)
    {
        using var over = new CancellationTokenSource();
        await Task.WhenAny(Task.Delay(wait, _clock, over.Token), _ended.Task).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }

    private string Broken(JournalException problem) => $"events are not sent to the webhook {_receiver.Shown}: {problem.Message}";
}
