namespace Lockstep.Execution;

/// <summary>A handle on a run in progress, to be used from any thread.</summary>
public sealed class RunControl
{
    private readonly Lock _gate = new();
    private Action<string, bool>? _engine;
    private string? _early;
    private int _times;

    /// <summary>Asks the run to end. The first time its steps are ended and <c>finally</c> blocks run; the second time everything ends at once.</summary>
    /// <param name="signal">What asked, as shown in history: <c>Ctrl-C</c>, <c>SIGTERM</c>.</param>
    public void Interrupt(string signal)
    {
        lock (_gate)
        {
            _times++;
            if (_engine is null) _early ??= signal;
            else _engine(signal, _times > 1);
        }
    }

    /// <summary>Gives the engine's end of the handle; an interruption that came before is passed on at once.</summary>
    internal void Attach(Action<string, bool> engine)
    {
        lock (_gate)
        {
            _engine = engine;
            if (_early is not null) engine(_early, _times > 1);
        }
    }

    internal void Detach()
    {
        lock (_gate) _engine = null;
    }
}
