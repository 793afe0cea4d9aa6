using System.Runtime.InteropServices;
using System.Text;

namespace Lockstep.Workspaces;

/// <summary>What came of waiting for a lock. Closed.</summary>
internal abstract record LockOutcome
{
    private protected LockOutcome(TimeSpan waited) => Waited = waited;

    /// <summary>How long that took.</summary>
    public TimeSpan Waited { get; }
}

/// <summary>The lock is held until it is disposed, or the process ends.</summary>
internal sealed record LockHeld(MachineLock Lock, TimeSpan Waited) : LockOutcome(Waited);

/// <summary>The time was up while another held it.</summary>
/// <param name="Holder">Who holds it, as far as that is known.</param>
/// <param name="Waited">How long was waited.</param>
internal sealed record LockBusy(LockHolder? Holder, TimeSpan Waited) : LockOutcome(Waited);

/// <summary>A lock that is held; disposing releases it.</summary>
internal sealed class MachineLock : IDisposable
{
    private readonly IDisposable _hold;

    /// <param name="name">The name it was asked for by.</param>
    /// <param name="hold">What is disposed to release it.</param>
    internal MachineLock(string name, IDisposable hold)
    {
        Name = name;
        _hold = hold;
    }

    /// <summary>The name it was asked for by.</summary>
    public string Name { get; }

    /// <summary>The open file: a process that inherits it holds the lock too, until it ends or the lock is disposed here. Null where it is no file.</summary>
    public SafeHandle? Handle => (_hold as FileLock)?.Handle;

    /// <inheritdoc/>
    public void Dispose() => _hold.Dispose();
}

/// <summary>Locks by name: one holder at a time on this machine, across processes and within one.</summary>
/// <remarks>A holder that waits for the lock it holds waits in vain. Files of released locks stay, a few bytes each.</remarks>
/// <param name="folder">The folder of the locks, made when first needed; on a local disk, shared by all who exclude each other.</param>
/// <param name="clock">The clock of waits.</param>
internal sealed class MachineLocks(string folder, TimeProvider clock)
{
    // A file name holds 255 bytes; the rest is room for the ending.
    private const int LongestName = 200;

    /// <summary>Takes a lock, waiting for it as long as allowed, without keeping a thread.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="holder">Who asks; its <see cref="LockHolder.Since"/> is set when it gets the lock.</param>
    /// <param name="timeout">How long to wait; zero asks once.</param>
    /// <param name="waiting">Called when it has to wait, and again when it waits for another holder.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="IOException">The folder can't be used.</exception>
    public async Task<LockOutcome> AcquireAsync(
        string name, LockHolder holder, TimeSpan timeout, Action<LockHolder?>? waiting = null, CancellationToken cancel = default)
    {
        var began = clock.GetTimestamp();
        var path = PathOf(name);
        PrivateFolder.Create(folder);

        LockHolder? other = null;
        var told = false;
        var file = await FileLock.TakeAsync(path, shared: false, timeout, clock, Busy, cancel);
        var waited = clock.GetElapsedTime(began);
        if (file is null) return new LockBusy(other, waited);
        file.Tell((holder with { Since = clock.GetUtcNow() }).ToText());
        return new LockHeld(new MachineLock(name, file), waited);

        void Busy()
        {
            var seen = LockHolder.Parse(FileLock.ReadText(path)) ?? other;
            if (told && seen == other) return;
            told = true;
            other = seen;
            waiting?.Invoke(other);
        }
    }

    /// <summary>The file of a name: letters, digits, <c>_ - .</c> as they are, other bytes as <c>%XX</c>.</summary>
    internal string PathOf(string name)
    {
        var safe = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || unit is (byte)'_' or (byte)'-' || (unit == '.' && safe.Length > 0)) safe.Append((char)unit);
            else safe.Append('%').Append(unit.ToString("X2"));
        }

        // Two long names that share a beginning and a checksum would only wait for each other.
        if (safe.Length > LongestName) safe.Append('~', 1).Append(Checksum(name).ToString("x16")).Remove(LongestName, safe.Length - LongestName - 17);
        return Path.Combine(folder, $"{safe}.lock");
    }

    /// <summary>FNV-1a.</summary>
    private static ulong Checksum(string name)
    {
        var sum = 14695981039346656037UL;
        foreach (var unit in name) sum = (sum ^ unit) * 1099511628211UL;
        return sum;
    }
}
