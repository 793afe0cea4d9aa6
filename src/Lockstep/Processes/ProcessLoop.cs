using System.Diagnostics;
using System.Runtime.InteropServices;
using Lockstep.Processes.Native;

namespace Lockstep.Processes;

/// <summary>
/// One thread that waits for processes, pipes and posted work at once. It is the synchronization context of what runs on it, so the code
/// after an <c>await</c> runs on it too and needs no locks. Everything but <see cref="Post"/> is for its own thread only.
/// </summary>
internal sealed class ProcessLoop : SynchronizationContext, IDisposable
{
    private const int BufferSize = 64 * 1024;
    private const int NoTimeout = -1;
    private const int BusyTurnsPerPoll = 16;

    /// <summary>
    /// From which age on, in milliseconds, a process is guarded against our own death. A guardian costs about as much as one more short
    /// step, so runs of short steps go without.
    /// </summary>
    private const int GuardedFrom = 50;

    private readonly Lock _gate = new();
    private readonly Thread _thread = Thread.CurrentThread;
    private readonly WakeUp _wakeUp = new();
    private readonly Spawner _spawner = new();
    private readonly List<RunningProcess> _running = [];
    private readonly List<RunningProcess> _lingering = [];
    private readonly Queue<RunningProcess> _unguarded = new();
    private Guardian? _guardian;
    private Queue<Work> _posted = new();
    private Queue<Work> _taken = new();
    private bool _asleep;
    private PollEntry[] _entries = new PollEntry[16];
    private Watch?[] _watches = new Watch?[16];
    private int _watched;
    private int _busyTurns;
    private byte[]? _buffer;
    private int _nullDevice = -1;
    private EnvironmentBlock? _environment;
    private TaskCompletionSource? _broken;

    private ProcessLoop(TimeProvider time)
    {
        Time = time;
        RespectChildren();
        Watch(_wakeUp, PollEntry.Readable);
    }

    /// <summary>The clock of every grace period.</summary>
    internal TimeProvider Time { get; }

    /// <summary>
    /// Fails with what work threw that nobody waits for, after all processes were killed; for <see cref="Run"/>'s main task, which is to end then.
    /// Where it does not look here, and each further time, the exception ends the loop at once.
    /// </summary>
    public Task Broken => (_broken ??= new()).Task;

    /// <summary>Where reads put what they get; its content is anyone's after the next read.</summary>
    internal Span<byte> Buffer => _buffer ??= GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    internal Spawner Spawner => _spawner;

    /// <summary>The environment of processes that are given none.</summary>
    internal EnvironmentBlock OurEnvironment => _environment ??= EnvironmentBlock.OfThisProcess();

    /// <summary>Runs <paramref name="main"/> on the calling thread until its task ends; processes that still run then are killed.</summary>
    /// <param name="main">Started on the loop.</param>
    /// <param name="time">The clock of grace periods; the system's by default.</param>
    /// <exception cref="Exception">What the task threw, or what work on the loop did that nobody waits for.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not 64-bit Linux.</exception>
    public static T Run<T>(Func<ProcessLoop, Task<T>> main, TimeProvider? time = null)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            throw new PlatformNotSupportedException("Lockstep runs processes on 64-bit Linux only, for now. Use it there, or in a Linux container.");

        var previous = Current;
        using var loop = new ProcessLoop(time ?? TimeProvider.System);
        SetSynchronizationContext(loop);
        try
        {
            var task = main(loop);
            if (!task.IsCompleted)
            {
                // A task that ends on another thread makes the loop look at it.
                _ = task.ContinueWith(
                    static (_, state) => ((ProcessLoop)state!).Post(static _ => { }, null), loop, CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                while (!task.IsCompleted) loop.Turn();
            }
            var result = task.GetAwaiter().GetResult();
            if (loop._broken?.Task is { IsFaulted: true } broken) broken.GetAwaiter().GetResult();
            return result;
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    /// <summary>Starts a process in a group of its own.</summary>
    /// <exception cref="ProcessStartException">The operating system refused; nothing is left open.</exception>
    public RunningProcess Start(ProcessSpec spec)
    {
        Debug.Assert(Thread.CurrentThread == _thread, "Processes are started on the loop's thread.");
        var process = RunningProcess.Start(this, spec);
        _running.Add(process);
        if (spec.Held is null) _unguarded.Enqueue(process);
        else Guard(process);
        return process;
    }

    /// <summary>Runs work on the loop, soon; from any thread.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        bool wake;
        lock (_gate)
        {
            _posted.Enqueue(new(d, state));
            wake = _asleep;
            _asleep = false;
        }
        if (wake) _wakeUp.Wake();
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (Thread.CurrentThread != _thread)
            throw new NotSupportedException("Blocking on the process loop from another thread can deadlock: use Post.");
        d(state);
    }

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Kills what still runs and closes everything.</summary>
    public void Dispose()
    {
        EndProcesses();
        _guardian?.Dispose();
        lock (_gate) _asleep = false;
        _wakeUp.Close();
        _spawner.Dispose();
        if (_nullDevice >= 0) _ = LibC.Close(_nullDevice);
    }

    /// <summary>The null device, opened once.</summary>
    internal int NullDevice()
    {
        if (_nullDevice < 0) _nullDevice = LibC.Open("/dev/null", LibC.ReadWrite | LibC.CloseOnExec);
        return _nullDevice;
    }

    internal void Watch(Watch watch, short events)
    {
        if (_watched == _entries.Length)
        {
            Array.Resize(ref _entries, _watched * 2);
            Array.Resize(ref _watches, _watched * 2);
        }
        _entries[_watched] = new() { Descriptor = watch.Descriptor, Asked = events };
        _watches[_watched] = watch;
        watch.Slot = _watched++;
    }

    internal void Rewatch(Watch watch, short events) => _entries[watch.Slot].Asked = events;

    /// <summary>Stops polling a descriptor. The last takes its place, answer included, so this is safe while answers are being acted on.</summary>
    internal void Unwatch(Watch watch)
    {
        var slot = watch.Slot;
        if (slot < 0) return;
        var last = --_watched;
        _entries[slot] = _entries[last];
        _watches[slot] = _watches[last];
        _watches[slot]!.Slot = slot;
        _watches[last] = null;
        watch.Slot = -1;
    }

    /// <summary>Checks a process whose leader has ended at short intervals, until its group is gone.</summary>
    internal void Linger(RunningProcess process) => _lingering.Add(process);

    internal void Forget(RunningProcess process)
    {
        _running.Remove(process);
        _lingering.Remove(process);
        if (process.Guarded) _guardian?.Remove(process.Group);
    }

    private void Turn()
    {
        if (RunPosted())
        {
            // Work that keeps posting more must not keep processes waiting.
            if (++_busyTurns % BusyTurnsPerPoll != 0) return;
            Poll(timeout: 0);
        }
        else
        {
            Poll(Timeout());
        }

        // Backwards: a process's exit is watched after its output, so a short one is reaped and its pipes are emptied at one go.
        for (var slot = _watched - 1; slot >= 0; slot--)
        {
            if (slot >= _watched || _entries[slot].Answered == 0) continue;
            _entries[slot].Answered = 0;
            try
            {
                _watches[slot]!.Ready();
            }
            catch (Exception unawaited) when (Breaks(unawaited))
            {
            }
        }
        for (var i = _lingering.Count - 1; i >= 0; i--) _lingering[i].CheckGroup();
        while (UntilGuarded() == 0) Guard(_unguarded.Dequeue());
    }

    /// <returns>Whether there was anything to run; if not, posts wake the loop from now on.</returns>
    private bool RunPosted()
    {
        lock (_gate)
        {
            if (_posted.Count == 0)
            {
                _asleep = true;
                return false;
            }
            (_posted, _taken) = (_taken, _posted);
        }
        while (_taken.TryDequeue(out var work))
        {
            try
            {
                work.Callback(work.State);
            }
            catch (Exception unawaited) when (Breaks(unawaited))
            {
            }
        }

        return true;
    }

    /// <summary>Whether the main task is told of an exception, and so ends by itself.</summary>
    private bool Breaks(Exception unawaited)
    {
        if (_broken is null || _broken.Task.IsCompleted) return false;
        EndProcesses();
        _broken.SetException(unawaited);
        return true;
    }

    private void EndProcesses()
    {
        for (var i = _running.Count - 1; i >= 0; i--) _running[i].Dispose();
    }

    private unsafe void Poll(int timeout)
    {
        fixed (PollEntry* entries = _entries)
        {
            var ready = LibC.Poll(entries, (nuint)_watched, timeout);
            var error = ready < 0 ? Marshal.GetLastPInvokeError() : 0;
            lock (_gate) _asleep = false;
            if (error is not (0 or Errno.Interrupted or Errno.TryAgain or Errno.NoMemory))
                throw new InvalidOperationException($"poll failed with error {error}.");
        }
    }

    private int Timeout()
    {
        var timeout = UntilGuarded();
        foreach (var process in _lingering)
        {
            var wait = process.NextCheck;
            if (timeout == NoTimeout || wait < timeout) timeout = wait;
        }
        return timeout;
    }

    /// <summary>In how many milliseconds the oldest process that is not guarded yet is to be.</summary>
    private int UntilGuarded()
    {
        while (_unguarded.TryPeek(out var process))
        {
            if (!process.HasEnded)
                return Math.Max(0, GuardedFrom - (int)Stopwatch.GetElapsedTime(process.Started).TotalMilliseconds);
            _unguarded.Dequeue();
        }
        return NoTimeout;
    }

    private void Guard(RunningProcess process)
    {
        _guardian ??= Guardian.Start(this);
        _guardian?.Add(process.Group);
        process.Guarded = true;
    }

    /// <summary>Who starts us may have set SIGCHLD to be ignored; then the kernel would throw every exit code away.</summary>
    private static unsafe void RespectChildren()
    {
        const nint Default = 0, Ignored = 1;
        var action = stackalloc nint[64];
        if (LibC.SignalAction(Signals.Child, null, action) == 0 && action[0] == Ignored) _ = LibC.SetSignalHandler(Signals.Child, Default);
    }

    private readonly record struct Work(SendOrPostCallback Callback, object? State);

    /// <summary>Ends a sleep in <c>poll</c> from another thread.</summary>
    private sealed unsafe class WakeUp() : Watch(LibC.EventDescriptor(0, LibC.CloseOnExec | LibC.NonBlocking))
    {
        public void Wake()
        {
            ulong one = 1;
            _ = LibC.Write(Descriptor, (byte*)&one, sizeof(ulong));
        }

        public override void Ready()
        {
            ulong count;
            _ = LibC.Read(Descriptor, (byte*)&count, sizeof(ulong));
        }

        public void Close() => _ = LibC.Close(Descriptor);
    }
}
