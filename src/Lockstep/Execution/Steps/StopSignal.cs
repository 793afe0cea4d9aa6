namespace Lockstep.Execution.Steps;

/// <summary>Asks the steps of a scope to end, with the reason; a signal inside another stops with it.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly StopSignal? _outer;
    private string? _reason;
    private bool _disposed;
    private CancellationTokenRegistration _adopted;

    public StopSignal() => _source = new CancellationTokenSource();

    public StopSignal(StopSignal outer)
    {
        _outer = outer;
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer.Token);
    }

    public CancellationToken Token => _source.Token;

    public bool Stopped => _source.IsCancellationRequested;

    /// <summary>Whether this signal itself was given, rather than one around it.</summary>
    public bool StoppedHere => _reason is not null;

    public string? Reason => _reason ?? _outer?.Reason;

    public void Stop(string reason)
    {
        // A time-out may come by when its step is over.
        if (_disposed || Stopped) return;
        _reason = reason;
        _source.Cancel();
    }

    /// <summary>Ends a registration together with this signal.</summary>
    public void Adopt(CancellationTokenRegistration registration) => _adopted = registration;

    public void Dispose()
    {
        _adopted.Dispose();
        _disposed = true;
        _source.Dispose();
    }
}
