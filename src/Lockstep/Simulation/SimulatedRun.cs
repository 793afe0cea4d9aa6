using System.Collections.Immutable;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Simulation;

/// <summary>What one process of lockstep did in a simulated run.</summary>
/// <param name="Events">What happened, in order.</param>
/// <param name="Effects">The steps whose processes it started, in order.</param>
public sealed record SimulatedLife(ImmutableArray<RunEvent> Events, ImmutableArray<StepId> Effects)
{
    /// <summary>Whether it went on with the run; that it did is then its first event, and not one that it appends.</summary>
    internal bool TookOver => Events is [RunResumed, ..];
}

/// <summary>A run as it went in a simulation.</summary>
public sealed record SimulatedRun
{
    private readonly RunEnded? _end;

    internal SimulatedRun(
        RunId run, ImmutableArray<RunEvent> events, RunEnded? end, ImmutableArray<SimulatedLife> lives, ImmutableArray<DoneWork> works, int asked)
    {
        Run = run;
        Events = events;
        _end = end;
        Lives = lives;
        Works = works;
        Asked = asked;
    }

    /// <summary>Its id.</summary>
    public RunId Run { get; }

    /// <summary>All that happened in it, on the virtual clock.</summary>
    public ImmutableArray<RunEvent> Events { get; }

    /// <summary>How it ended.</summary>
    /// <exception cref="InvalidOperationException">It never began: its first process died before the store knew of it.</exception>
    public RunEnded End => _end ?? throw new InvalidOperationException("the simulated run never began");

    /// <summary>The processes of lockstep that executed it, one after the other.</summary>
    public ImmutableArray<SimulatedLife> Lives { get; }

    /// <summary>How often a person had to say whether a step had happened.</summary>
    public int Asked { get; }

    internal ImmutableArray<DoneWork> Works { get; }

    internal bool Began => _end is not null;
}
