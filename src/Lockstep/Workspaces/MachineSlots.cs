namespace Lockstep.Workspaces;

/// <summary>A number of places that all processes of this machine share, each a lock: what holds one gives it back when it ends, however it dies.</summary>
/// <param name="folder">The folder of the locks, made when first needed; on a local disk.</param>
/// <param name="count">How many there are, for this process: others may have been told of more or fewer.</param>
/// <param name="ours">Whether this process was itself started by one who holds a place, which it may use in their stead.</param>
/// <param name="clock">The clock of waits.</param>
internal sealed class MachineSlots(string folder, int count, bool ours, TimeProvider clock)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly PlaceQueue _first = new(1);
    private bool _oursIsFree = ours;

    /// <summary>How many there are.</summary>
    public int Count { get; } = count;

    /// <summary>Takes a place, first come first served among those who ask here; who asks in another process has the same chance as the first of these.</summary>
    /// <param name="holder">Who asks.</param>
    /// <param name="waiting">Called once when it has to wait, with who holds the places, as far as that is known.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The place, until it is disposed.</returns>
    /// <exception cref="IOException">The folder can't be used.</exception>
    public async Task<IDisposable> TakeAsync(LockHolder holder, Action<string?> waiting, CancellationToken cancel)
    {
        PrivateFolder.Create(folder);
        var isFirst = _first.TryEnter();
        try
        {
            if (isFirst && TryTake(holder) is { } free) return free;
            waiting(Holders());
            if (!isFirst) await _first.EnterAsync(cancel);
            isFirst = true;
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                cancel.ThrowIfCancellationRequested();
                if (TryTake(holder) is { } taken) return taken;
                await Task.Delay(pause, clock, cancel);
            }
        }
        finally
        {
            if (isFirst) _first.Leave();
        }
    }

    private IDisposable? TryTake(LockHolder holder)
    {
        if (_oursIsFree)
        {
            _oursIsFree = false;
            return new OurPlace(this);
        }

        for (var number = 1; number <= Count; number++)
        {
            if (FileLock.TryTake(PathOf(number)) is not { } taken) continue;
            taken.Tell((holder with { Since = clock.GetUtcNow() }).ToText());
            return taken;
        }

        return null;
    }

    private string? Holders()
    {
        var holders = new List<string>();
        for (var number = 1; number <= Count; number++)
            if (LockHolder.Parse(FileLock.ReadText(PathOf(number))) is { } holder && $"{holder.Run} ('{holder.Command}', process {holder.ProcessId})" is var text && !holders.Contains(text)) holders.Add(text);
        return holders.Count == 0 ? null : string.Join(", ", holders);
    }

    private string PathOf(int number) => Path.Combine(folder, $"{number}.lock");

    private sealed class OurPlace(MachineSlots slots) : IDisposable
    {
        public void Dispose() => slots._oursIsFree = true;
    }
}
