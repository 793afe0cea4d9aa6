using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Telemetry.Otlp;

/// <summary>Durations of one kind, counted in buckets.</summary>
internal sealed class Histogram
{
    /// <summary>The upper bounds of all buckets but the last, in seconds.</summary>
    public static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    public long[] Counts { get; } = new long[Bounds.Length + 1];

    public long Count { get; private set; }

    public double Sum { get; private set; }

    public void Add(TimeSpan duration)
    {
        var seconds = duration.TotalSeconds;
        var bucket = Array.FindIndex(Bounds, bound => seconds <= bound);
        Counts[bucket < 0 ? Bounds.Length : bucket]++;
        Count++;
        Sum += seconds;
    }
}

/// <summary>What this process counts of a run. Used from one thread.</summary>
internal sealed class RunMetrics(Plan plan)
{
    private readonly Dictionary<StepId, string> _leaves = Leaves(plan);

    /// <summary>When counting began; null before the first event.</summary>
    public DateTimeOffset? Since { get; private set; }

    public DateTimeOffset Until { get; private set; }

    /// <summary>How runs ended.</summary>
    public Dictionary<string, Histogram> Runs { get; } = [];

    /// <summary>How steps ended, by kind and result.</summary>
    public Dictionary<(string Kind, string Result), Histogram> Steps { get; } = [];

    public long Retries { get; private set; }

    public void Take(RunEvent happened)
    {
        Since ??= happened.At;
        Until = happened.At;
        if (happened is RunEnded run) Add(Runs, SpanTree.ResultOf(run.Outcome), run.Duration);
        else if (happened is StepRetried) Retries++;
        else if (happened is StepEnded step && _leaves.TryGetValue(step.Step, out var kind)) Add(Steps, (kind, SpanTree.ResultOf(step.Outcome)), step.Duration);
    }

    private static void Add<TKey>(Dictionary<TKey, Histogram> histograms, TKey key, TimeSpan duration) where TKey : notnull
    {
        if (!histograms.TryGetValue(key, out var histogram)) histograms[key] = histogram = new Histogram();
        histogram.Add(duration);
    }

    private static Dictionary<StepId, string> Leaves(Plan plan)
    {
        var leaves = new Dictionary<StepId, string>();
        foreach (var step in plan.Steps())
            if (step.Children.IsEmpty) leaves.TryAdd(step.Id, step.Kind);
        return leaves;
    }
}
