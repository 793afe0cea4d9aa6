using System.Collections.Concurrent;

namespace Lockstep.Execution;

/// <summary>Threads for steps that compute, at most one for each core, so that neither the run's own thread nor the host's pool waits for them. First come, first served.</summary>
internal sealed class WorkerPool
{
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly int _most;
    private int _working;

    /// <param name="most">How many threads at most.</param>
    public WorkerPool(int most) => _most = most;

    /// <summary>One for all runs of this process: it is the machine's cores that are shared.</summary>
    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>Runs work on one of the threads; what it throws, the task throws.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Enqueue(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        StartOne();
        return done.Task;
    }

    private void StartOne()
    {
        if (!TryCount()) return;
        try
        {
            new Thread(Work) { IsBackground = true, Name = "lockstep worker" }.UnsafeStart();
        }
        catch
        {
            Interlocked.Decrement(ref _working);
            throw;
        }
    }

    private void Work()
    {
        do
        {
            while (_work.TryDequeue(out var next)) next();
            Interlocked.Decrement(ref _working);
        }

        // Work may have come after the last look, and found this thread still counted.
        while (!_work.IsEmpty && TryCount());
    }

    private bool TryCount()
    {
        while (true)
        {
            var working = Volatile.Read(ref _working);
            if (working >= _most) return false;
            if (Interlocked.CompareExchange(ref _working, working + 1, working) == working) return true;
        }
    }
}
