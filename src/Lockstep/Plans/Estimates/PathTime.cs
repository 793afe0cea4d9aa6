namespace Lockstep.Plans.Estimates;

/// <summary>How long a step takes, or will still take, over the longest path inside it.</summary>
/// <param name="Time">How long, as far as is known.</param>
/// <param name="Begun">Whether anything in it has started.</param>
/// <param name="Partial">Whether something on the way has no history, so that it takes longer.</param>
internal readonly record struct PathTime(TimeSpan Time, bool Begun = false, bool Partial = false)
{
    /// <summary>One after the other.</summary>
    public static PathTime InOrder(ReadOnlySpan<PathTime> steps)
    {
        var all = new PathTime();
        foreach (var step in steps) all = all.Then(step);
        return all;
    }

    /// <summary>Beside each other, each started in its turn as soon as one of the places is free.</summary>
    /// <param name="steps">In the order in which they start.</param>
    /// <param name="places">How many run at once.</param>
    public static PathTime Beside(ReadOnlySpan<PathTime> steps, int places)
    {
        var all = new PathTime();
        var free = new PriorityQueue<TimeSpan, TimeSpan>();
        foreach (var step in steps)
        {
            var start = free.Count < places ? TimeSpan.Zero : free.Dequeue();
            var end = start + step.Time;
            free.Enqueue(end, end);
            all = new(end > all.Time ? end : all.Time, all.Begun | step.Begun, all.Partial | step.Partial);
        }

        return all;
    }

    /// <summary>The longest of several ways of which one is taken.</summary>
    public static PathTime Longest(ReadOnlySpan<PathTime> ways)
    {
        var longest = new PathTime();
        foreach (var way in ways)
            longest = new(way.Time > longest.Time ? way.Time : longest.Time, longest.Begun | way.Begun, longest.Partial | way.Partial);
        return longest;
    }

    /// <summary>This, and then another.</summary>
    public PathTime Then(PathTime next) => new(Time + next.Time, Begun | next.Begun, Partial | next.Partial);

    /// <summary>This, and then another where that has begun, because it is not expected to.</summary>
    public PathTime ThenIfBegun(PathTime next) => next.Begun ? Then(next) : this;
}
