using Lockstep.Workspaces;

namespace Lockstep.Simulation;

/// <summary>Locks of a machine that is none. As those of a real one they are free again when who held them is gone.</summary>
internal sealed class SimulatedLocks(TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, LockHolder> _held = new(StringComparer.Ordinal);

    /// <summary>As <see cref="MachineLocks.AcquireAsync"/>.</summary>
    public async Task<LockOutcome> Acquire(string name, LockHolder holder, TimeSpan timeout, Action<LockHolder?> waiting, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        LockHolder? told = null;
        while (!_held.TryAdd(name, holder with { Since = clock.GetUtcNow() }))
        {
            var other = _held[name];
            if (other != told) waiting(told = other);
            var left = timeout - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) return new LockBusy(other, clock.GetElapsedTime(began));
            await Task.Delay(left < Pause ? left : Pause, clock, cancel);
        }
        return new LockHeld(new MachineLock(name, new Hold(() => _held.Remove(name))), clock.GetElapsedTime(began));
    }

    private sealed class Hold(Action release) : IDisposable
    {
        private Action? _release = release;

        public void Dispose()
        {
            _release?.Invoke();
            _release = null;
        }
    }
}
