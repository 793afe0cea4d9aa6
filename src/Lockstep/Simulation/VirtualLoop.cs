namespace Lockstep.Simulation;

/// <summary>
/// One thread with a clock that stands still while there is work and goes on to the next timer when there is none: waits pass at once, in
/// the order in which they are due, the same way each time.
/// </summary>
internal sealed class VirtualLoop : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly PriorityQueue<Due, (DateTimeOffset At, long Order)> _timers = new();
    private long _order;

    public VirtualLoop(DateTimeOffset start)
    {
        Now = start;
        Clock = new VirtualClock(this);
    }

    public TimeProvider Clock { get; }

    private DateTimeOffset Now { get; set; }

    /// <summary>Runs <paramref name="main"/> until it has ended.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that no timer and no work will bring.</exception>
    public T Run<T>(Func<Task<T>> main)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = main();
            while (!task.IsCompleted)
                if (!Turn()) throw new InvalidOperationException("the simulated run waits for something that never comes");
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Lets time pass in which nothing is executed; what was left to be done is forgotten.</summary>
    public void Rest(TimeSpan time)
    {
        _posted.Clear();
        _timers.Clear();
        Now += time;
    }

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Calls back at a time from now, on this thread.</summary>
    public void After(TimeSpan time, Action callback)
        => _timers.Enqueue(new Due(callback), (Now + time, ++_order));

    private bool Turn()
    {
        if (_posted.TryDequeue(out var work))
        {
            work.Callback(work.State);
            return true;
        }
        if (!_timers.TryDequeue(out var due, out var when)) return false;
        if (due.Callback is not { } callback) return true;
        if (when.At > Now) Now = when.At;
        callback();
        return true;
    }

    /// <summary>A call that is due at some time, unless it is taken back before.</summary>
    private sealed class Due(Action callback)
    {
        public Action? Callback { get; set; } = callback;
    }

    private sealed class VirtualClock(VirtualLoop loop) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => loop.Now;

        public override long GetTimestamp() => loop.Now.UtcTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new VirtualTimer(loop, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class VirtualTimer(VirtualLoop loop, TimerCallback callback, object? state) : ITimer
    {
        private Due? _due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_due is not null) _due.Callback = null;
            _due = null;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            _due = new Due(() =>
            {
                if (period > TimeSpan.Zero) Change(period, period);
                callback(state);
            });
            loop._timers.Enqueue(_due, (loop.Now + dueTime, ++loop._order));
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
