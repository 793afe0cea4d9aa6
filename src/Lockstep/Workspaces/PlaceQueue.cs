namespace Lockstep.Workspaces;

/// <summary>A number of places with a queue before them: first come, first served. For one thread; what ends a wait may come from any.</summary>
internal sealed class PlaceQueue(int places)
{
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _taken;

    /// <summary>Takes a place if there is one and nobody waits for it.</summary>
    public bool TryEnter()
    {
        if (_taken == places || _waiting.Count > 0) return false;
        _taken++;
        return true;
    }

    /// <summary>Takes a place when its turn has come.</summary>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public async Task EnterAsync(CancellationToken cancel)
    {
        if (TryEnter()) return;
        var turn = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var cancelled = cancel.Register(() => turn.Value.TrySetCanceled(cancel));
        try
        {
            await turn.Value.Task;
        }
        finally
        {
            if (turn.List is not null) _waiting.Remove(turn);
        }
    }

    /// <summary>Gives a place back, to the first who waits.</summary>
    public void Leave()
    {
        while (_waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            if (first.Value.TrySetResult()) return;
        }

        _taken--;
    }
}
