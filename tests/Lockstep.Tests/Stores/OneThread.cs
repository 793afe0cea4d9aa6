using System.Collections.Concurrent;

namespace Lockstep.Tests.Stores;

/// <summary>Runs asynchronous code, and all that it posts, on the calling thread, as the engine's loop does.</summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

    public int Posts { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        Posts++;
        _posted.Add((d, state));
    }

    public static void Run(Func<OneThread, Task> main)
    {
        var before = Current;
        var loop = new OneThread();
        SetSynchronizationContext(loop);
        try
        {
            var task = main(loop);
            task.ContinueWith(_ => loop._posted.CompleteAdding(), TaskScheduler.Default);
            foreach (var (callback, state) in loop._posted.GetConsumingEnumerable()) callback(state);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
