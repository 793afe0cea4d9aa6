using Lockstep.Journal;
using Lockstep.Sqlite;

namespace Lockstep.Telemetry.Webhooks;

/// <summary>Delivers a run's events to one receiver while the run goes on, beside it; first what earlier runs left.</summary>
internal sealed class WebhookPump : IAsyncDisposable
{
    /// <summary>How long events wait for others to share a request with, and for being durable.</summary>
    private static readonly TimeSpan _company = TimeSpan.FromMilliseconds(100);

    private const int MostCounted = 100;

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
    /// <returns>What is left for later, or will never be told, in sentences.</returns>
    public async Task<IReadOnlyList<string>> Finish(TimeSpan patience)
    {
        _ended.TrySetResult();
        _news.TrySetResult();
        _stop.CancelAfter(patience);
        await _pumping.ConfigureAwait(false);
        return [.. _delivery.GivenUp, .. _broken is null ? Left() : [_broken]];
    }

    private List<string> Left()
    {
        var left = new List<string>();
        if (_delivery.StoreIsLocked) return [LeftByLock];
        try
        {
            var kept = _delivery.LastKept(_run);
            if (kept == 0) left.Add($"the webhook {_receiver.Shown} heard nothing of this run: it is told from the run's history, which is not kept");
            else if (kept < Volatile.Read(ref _heard)) left.Add($"the webhook {_receiver.Shown} did not hear all of this run: it is told from the run's history, which is not kept to its end");

            if (_delivery.Refusals.TryGetValue(_run, out var why))
                left.Add($"the webhook {_receiver.Shown} refuses the events of {_run}: {why}; they are tried again in an hour, or at once by `lockstep deliver`");
            else if (_delivery.WaitingRuns(_run).Count > 0)
                left.Add($"events of {CountWaiting()} wait for the webhook {_receiver.Shown}: {_delivery.Problem ?? "it has not taken them yet"}; the next run or `lockstep deliver` tries again");
        }
        catch (JournalException problem)
        {
            left.Add(StoreProblem.IsLocked(problem) ? LeftByLock : Broken(problem));
        }

        return left;
    }

    private string LeftByLock => $"events of this run wait for the webhook {_receiver.Shown}: the store is locked by another process; the next run or `lockstep deliver` tries again";

    private string CountWaiting() => _delivery.WaitingRuns(most: MostCounted + 1).Count switch
    {
        1 => "1 run",
        > MostCounted => $"more than {MostCounted} runs",
        var count => $"{count} runs",
    };

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
                var round = await _delivery.DeliverAll(_run, others, _stop.Token).ConfigureAwait(false);
                settled = Math.Max(settled, round.Settled);
                others &= !round.Complete;
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
