using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Simulation;

/// <summary>One process of lockstep that executes a simulated run, until the run ends or stands still, or the process dies.</summary>
internal sealed class Life
{
    private readonly VirtualLoop _loop;
    private readonly IReadOnlyList<RunEvent> _before;
    private readonly Fault? _fault;
    private readonly List<RunEvent> _seen = [];
    private readonly List<StepId> _effects = [];

    /// <param name="loop">Where it runs.</param>
    /// <param name="journal">Where it keeps what happens.</param>
    /// <param name="before">What the store holds of the run, that this process has taken it over included.</param>
    /// <param name="fault">What happens to it; null for nothing.</param>
    public Life(VirtualLoop loop, SimulatedJournal journal, IReadOnlyList<RunEvent> before, Fault? fault)
    {
        (_loop, _before, _fault) = (loop, before, fault);
        AliveUntil = loop.Clock.GetUtcNow();
        Journal = journal;
        journal.OnAppend = Appended;
    }

    /// <summary>Where it keeps what happens.</summary>
    public SimulatedJournal Journal { get; }

    /// <summary>Whether it has died.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Until when it is known to have lived.</summary>
    public DateTimeOffset AliveUntil { get; private set; }

    /// <summary>The handle on the run.</summary>
    public RunControl Control { get; } = new();

    /// <summary>The steps whose processes it started, in order.</summary>
    public IReadOnlyList<StepId> Effects => _effects;

    /// <summary>What happened while it lived, whether that is kept or not.</summary>
    public IReadOnlyList<RunEvent> Seen => _seen;

    /// <summary>What the store holds of the run after it.</summary>
    public IReadOnlyList<RunEvent> Kept
        => [.. _before, .. Journal.Events.Take(_fault is Fault.AfterEvent { Unsaved: true } && IsOver ? Journal.Durable : Journal.Events.Count)];

    /// <returns>What ended the run or made it stand still; null when the process died.</returns>
    public RunEvent? Run(RunRequest request)
    {
        if (_fault is Fault.AtTakeover)
        {
            Crash();
            return null;
        }

        try
        {
            var last = _loop.Run(() => Engine.Execute(request));
            if (IsOver) return null;
            AliveUntil = last.At;
            return last;
        }
        catch (Exception) when (IsOver)
        {
            // Nobody is there any more whom it could trouble.
            return null;
        }
    }

    /// <summary>Dies. What it had begun unwinds without leaving a trace, so that nothing of it is held when the next one comes.</summary>
    public void Crash()
    {
        AliveUntil = _loop.Clock.GetUtcNow();
        IsOver = true;
        Journal.Stop();
        Control.Ask(new InterruptRequest("the crash", AtOnce: true));
    }

    /// <summary>Notes that a step's process starts; gives how far it comes, when lockstep dies in it.</summary>
    public EffectPoint? NextEffect(StepId step)
    {
        _effects.Add(step);
        return _fault is Fault.InEffect effect && effect.Number == _effects.Count ? effect.At : null;
    }

    /// <summary>Notes what happens, as long as it lives.</summary>
    public void Note(RunEvent happened)
    {
        if (!IsOver) _seen.Add(happened);
    }

    private void Appended(int number)
    {
        if (number != _fault?.Number) return;
        switch (_fault)
        {
            case Fault.AfterEvent:
                Crash();
                break;
            case Fault.Pause:
                Control.Ask(new PauseRequest("the test", null));
                break;
            case Fault.FullDisk:
                Journal.Fail();
                break;
        }
    }
}
