using Lockstep.Journal;

namespace Lockstep.Execution;

/// <summary>A handle on a run in progress, to be used from any thread.</summary>
public sealed class RunControl
{
    private readonly Lock _gate = new();
    private readonly List<ControlRequest> _early = [];
    private Action<ControlRequest>? _engine;

    /// <summary>Whether somebody asked the run to end, by which it is not to stand still.</summary>
    internal bool EndAsked { get; private set; }

    /// <summary>Asks the run to end. The first time its steps are ended and <c>finally</c> blocks run; the second time everything ends at once.</summary>
    /// <param name="signal">What asked, as shown in history: <c>Ctrl-C</c>, <c>SIGTERM</c>.</param>
    public void Interrupt(string signal) => Ask(new InterruptRequest(signal));

    /// <summary>Asks something of the run. What is asked before it has begun, it does as soon as it begins; what is asked after its end is lost.</summary>
    public void Ask(ControlRequest request)
    {
        lock (_gate)
        {
            EndAsked |= request is InterruptRequest { AtOnce: false } or StopRequest { ByItself: false };
            if (_engine is null) _early.Add(request);
            else _engine(request);
        }
    }

    /// <summary>Gives the engine's end of the handle; requests that came before are passed on at once.</summary>
    internal void Attach(Action<ControlRequest> engine)
    {
        lock (_gate)
        {
            _engine = engine;
            foreach (var request in _early) engine(request);
            _early.Clear();
        }
    }

    internal void Detach()
    {
        lock (_gate) _engine = null;
    }
}
