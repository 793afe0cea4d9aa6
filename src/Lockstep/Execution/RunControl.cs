using Lockstep.Journal;

namespace Lockstep.Execution;

/// <summary>A handle on a run in progress, to be used from any thread.</summary>
public sealed class RunControl
{
    private readonly Lock _gate = new();
    private readonly List<ControlRequest> _waiting = [];
    private Action? _engine;

    /// <summary>Whether somebody asked the run to end since it began or went on, by which it is not to stand still.</summary>
    internal bool EndAsked { get; private set; }

    /// <summary>Asks the run to end. The first time its steps are ended and <c>finally</c> blocks run; the second time everything ends at once.</summary>
    /// <param name="signal">What asked, as shown in history: <c>Ctrl-C</c>, <c>SIGTERM</c>.</param>
    public void Interrupt(string signal) => Ask(new InterruptRequest(signal));

    /// <summary>Asks something of the run. What is asked before it has begun, it does as soon as it begins; what is asked after its end is lost.</summary>
    public void Ask(ControlRequest request)
    {
        lock (_gate)
        {
            // The store tells of what nobody has taken once more when the run goes on.
            if (request.Key != 0 && _waiting.Exists(waiting => waiting.Key == request.Key)) return;
            _waiting.Add(request);
            EndAsked |= AsksForEnd(request);
            _engine?.Invoke();
        }
    }

    /// <summary>Gives the engine's end of the handle: what is called, at once and from any thread, when there is something to take.</summary>
    internal void Attach(Action engine)
    {
        lock (_gate)
        {
            _engine = engine;
            EndAsked = _waiting.Exists(AsksForEnd);
            if (_waiting.Count > 0) engine();
        }
    }

    /// <summary>What was asked first of all that waits; null when nothing does, or it is no longer for this engine.</summary>
    internal ControlRequest? TryTake()
    {
        lock (_gate)
        {
            if (_engine is null || _waiting is not [var first, ..]) return null;
            _waiting.RemoveAt(0);
            return first;
        }
    }

    /// <summary>Takes the engine's end back.</summary>
    /// <param name="goesOn">Whether what nobody has taken waits for the run to go on, but for a wish to pause, to which that is the answer; else it is lost.</param>
    internal void Detach(bool goesOn)
    {
        lock (_gate)
        {
            if (_engine is null) return;
            _engine = null;
            _waiting.RemoveAll(waiting => !goesOn || waiting is PauseRequest);
        }
    }

    private static bool AsksForEnd(ControlRequest request) => request is InterruptRequest { AtOnce: false } or StopRequest { ByItself: false };
}
