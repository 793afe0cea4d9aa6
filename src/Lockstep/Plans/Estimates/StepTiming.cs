namespace Lockstep.Plans.Estimates;

/// <summary>How long a step took when it succeeded, of the last times.</summary>
/// <param name="Median">Half of the times it took no longer.</param>
/// <param name="P90">Nine times of ten it took no longer.</param>
/// <param name="Runs">How many times are known; from 1 to 20.</param>
public readonly record struct StepTiming(TimeSpan Median, TimeSpan P90, int Runs)
{
    /// <summary>The timing of these durations, in any order; at least one.</summary>
    internal static StepTiming Of(ReadOnlySpan<TimeSpan> durations)
    {
        Span<TimeSpan> sorted = [.. durations];
        sorted.Sort();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new(median, sorted[((sorted.Length * 9) + 9) / 10 - 1], sorted.Length);
    }
}
