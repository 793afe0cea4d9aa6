namespace Lockstep.Simulation;

/// <summary>Where the process that executes a simulated run comes to its end. Closed.</summary>
public abstract record Fault
{
    private protected Fault(int number) => Number = number;

    /// <summary>Which event or effect of the process, from 1; 0 where it comes before all of them.</summary>
    public int Number { get; }

    /// <summary>The process dies right after it took the run over, which with the event that tells so is one.</summary>
    public sealed record AtTakeover() : Fault(0)
    {
        /// <inheritdoc/>
        public override string ToString() => "right after it took the run over";
    }

    /// <summary>The process dies right after it appended an event.</summary>
    /// <param name="Number">Which event that this process appends.</param>
    /// <param name="Unsaved">Whether the store had not been told of what was appended since its last commit, as when the machine dies with the process.</param>
    public sealed record AfterEvent(int Number, bool Unsaved) : Fault(Number)
    {
        /// <inheritdoc/>
        public override string ToString() => Unsaved ? $"at event {Number}, what was not committed lost" : $"after event {Number}";
    }

    /// <summary>The process dies while a step's process runs.</summary>
    /// <param name="Number">Which step's process that this process starts.</param>
    /// <param name="At">How far that had come.</param>
    public sealed record InEffect(int Number, EffectPoint At) : Fault(Number)
    {
        /// <inheritdoc/>
        public override string ToString() => At switch
        {
            EffectPoint.Started => $"in effect {Number}, before it happened",
            EffectPoint.Done => $"in effect {Number}, after it happened",
            EffectPoint.Unknown => $"in effect {Number}, after it happened, and nobody can tell",
            _ => throw new InvalidOperationException($"no such point: {At}"),
        };
    }

    /// <summary>Somebody asks the run to pause; it is resumed once it stands still.</summary>
    /// <param name="Number">The event after which that is asked.</param>
    public sealed record Pause(int Number) : Fault(Number)
    {
        /// <inheritdoc/>
        public override string ToString() => $"paused after event {Number}";
    }

    /// <summary>The journal keeps nothing from an event on; the process goes on.</summary>
    /// <param name="Number">The event that is the last to be kept.</param>
    public sealed record FullDisk(int Number) : Fault(Number)
    {
        /// <inheritdoc/>
        public override string ToString() => $"the disk full after event {Number}";
    }
}

/// <summary>How far a step's process had come when lockstep died.</summary>
public enum EffectPoint
{
    /// <summary>It had started and done nothing; it dies with lockstep.</summary>
    Started,

    /// <summary>It had done its work.</summary>
    Done,

    /// <summary>It had done its work, and the step's verify command can't find out.</summary>
    Unknown,
}
