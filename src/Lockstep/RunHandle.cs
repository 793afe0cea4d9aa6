using System.Threading.Channels;
using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep;

/// <summary>A run that goes on beside the program that began it. For any thread.</summary>
public sealed class RunHandle
{
    private readonly RunControl _control;
    private readonly Channel<RunEvent> _events = Channel.CreateUnbounded<RunEvent>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly TaskCompletionSource<RunId> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<RunResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunHandle(RunControl control) => _control = control;

    /// <summary>The run's id, as soon as it has one.</summary>
    public Task<RunId> Begun => _begun.Task;

    /// <summary>How it ended, or that it is paused.</summary>
    public Task<RunResult> Completion => _completion.Task;

    /// <summary>The events as they happen, from the first of this process on, until the run ends or pauses. For one reader.</summary>
    public IAsyncEnumerable<RunEvent> Events(CancellationToken cancel = default) => _events.Reader.ReadAllAsync(cancel);

    /// <summary>No further step starts; those that run come to their end, and <see cref="Completion"/> completes.</summary>
    public void Pause(string by, string? reason = null) => _control.Ask(new PauseRequest(by, reason));

    /// <summary>The steps are ended and <c>finally</c> blocks run; the second time all ends at once.</summary>
    /// <param name="by">Who asks, for its history.</param>
    public void Abort(string by) => _control.Ask(new InterruptRequest(by));

    /// <summary>Names the run's position, to fork from.</summary>
    public void Checkpoint(string label, string by) => _control.Ask(new CheckpointRequest(label, by));

    internal static RunHandle Begin(RunOptions how, Func<RunOptions, RunResult> run)
    {
        var handle = new RunHandle(how.Control);
        var thread = new Thread(() => handle.Execute(how, run)) { IsBackground = true, Name = "lockstep run" };
        thread.UnsafeStart();
        return handle;
    }

    private void Execute(RunOptions how, Func<RunOptions, RunResult> run)
    {
        try
        {
            var result = run(how with
            {
                OnBegin = id =>
                {
                    _begun.TrySetResult(id);
                    how.OnBegin?.Invoke(id);
                },
                OnEvent = happened =>
                {
                    _events.Writer.TryWrite(happened);
                    how.OnEvent?.Invoke(happened);
                },
            });
            _events.Writer.Complete();
            _completion.SetResult(result);
        }
        catch (Exception error)
        {
            _events.Writer.Complete(error);
            _begun.TrySetException(error);
            _completion.SetException(error);
        }
    }
}
