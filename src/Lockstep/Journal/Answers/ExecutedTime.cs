namespace Lockstep.Journal.Answers;

/// <summary>Time that passes only while a process executes the run.</summary>
internal sealed class ExecutedTime
{
    private DateTimeOffset? _seen;

    /// <summary>How long it was executed up to the latest moment it was told of.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>How long it stood still in between.</summary>
    public TimeSpan Standing { get; private set; }

    /// <summary>The run was executed at this moment.</summary>
    public TimeSpan Advance(DateTimeOffset at)
    {
        if (at > _seen) Total += at - _seen.Value;
        if (_seen is null || at > _seen) _seen = at;
        return Total;
    }

    /// <summary>A process goes on with the run.</summary>
    /// <param name="aliveUntil">The latest moment at which it is known to have been executed before.</param>
    /// <param name="at">When it goes on.</param>
    public void Resume(DateTimeOffset aliveUntil, DateTimeOffset at)
    {
        Advance(aliveUntil);
        if (at > _seen) Standing += at - _seen.Value;
        _seen = at;
    }
}
