using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>A leaf's latest attempt, as summaries tell of it.</summary>
internal sealed record LeafRecord(StepId Step, string Attempt, string Text, DateTimeOffset StartedAt)
{
    public StepEnded? End { get; set; }

    /// <summary>The end of its output; null when it printed nothing or it was not kept.</summary>
    public OutputTail? Tail { get; set; }

    public bool Failed => End is { Outcome: Outcome.Failed or Outcome.TimedOut or Outcome.Refused };
}

/// <summary>What a run did, for the summaries at its end.</summary>
/// <param name="keepAll">Whether the output of steps that succeed is kept too.</param>
internal sealed class RunLog(bool keepAll)
{
    private const int TailBytes = 16 * 1024;
    private readonly Dictionary<StepId, LeafRecord> _latest = [];

    /// <summary>The leaves that have started, in order; of several attempts each.</summary>
    public List<LeafRecord> Leaves { get; } = [];

    /// <summary>The attempts of each leaf, in the order in which leaves first started.</summary>
    public IEnumerable<IReadOnlyList<LeafRecord>> Steps => Leaves.GroupBy(leaf => leaf.Step, (_, attempts) => attempts.ToList());

    public List<StepSkipped> Skipped { get; } = [];

    /// <summary>What is probably not as meant, such as a cache that keeps nothing.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The conditions that no branch matched, each with the value it saw.</summary>
    public List<string> Unmatched { get; } = [];

    /// <summary>The step that printed last.</summary>
    public StepId? LastPrinted { get; private set; }

    /// <summary>The log of a run from its events, without output.</summary>
    public static RunLog Of(IEnumerable<RunEvent> events)
    {
        var log = new RunLog(keepAll: false);
        foreach (var happened in events) log.OnEvent(happened);
        return log;
    }

    public void OnEvent(RunEvent happened)
    {
        switch (happened)
        {
            case StepStarted started:
                var leaf = new LeafRecord(started.Step, started.Attempt, started.Text, started.At);

                // Started again after it was cut off with its process, it is no further attempt.
                if (_latest.TryGetValue(started.Step, out var before) && before.End is null && before.Attempt == started.Attempt) Leaves.Remove(before);
                Leaves.Add(leaf);
                _latest[started.Step] = leaf;
                break;
            case StepEnded ended when _latest.TryGetValue(ended.Step, out var ending):
                ending.End = ended;
                if (ended.Outcome == Outcome.Succeeded && !keepAll) ending.Tail = null;
                break;
            case StepEnded { Outcome: not Outcome.Succeeded } ended when !_latest.ContainsKey(ended.Step):
                // It failed by itself, before anything in it began: a lock that was not free, a folder or a value that is not there.
                Leaves.Add(_latest[ended.Step] = new LeafRecord(ended.Step, ended.Attempt, "", ended.At - ended.Duration) { End = ended });
                break;
            case StepSkipped skipped:
                Skipped.Add(skipped);
                break;
            case ConditionEvaluated { Branch: null } condition:
                Unmatched.Add(condition.Reason);
                break;
            case CacheMissed missed:
                Warnings.AddRange(missed.Warnings);
                break;
        }
    }

    /// <summary>What made the run end where no leaf of its own tells of it, such as a confirmation that was denied; null where one does, and of a run that ended well.</summary>
    /// <param name="plan">What ran.</param>
    /// <param name="end">How it ended.</param>
    public LeafRecord? EndedBy(Plan plan, RunEnded end)
    {
        if (end.Outcome is Outcome.Succeeded or Outcome.Stopped) return null;
        var isTold = end.RootCause is { } cause ? Leaves.Exists(leaf => leaf.Step == cause && leaf.End is not null) : Leaves.Exists(leaf => leaf.End is { Outcome: not Outcome.Succeeded });
        if (isTold) return null;
        var step = end.RootCause ?? plan.Root.Id;
        return new LeafRecord(step, "", "", end.At) { End = new StepEnded(step, "", end.Outcome, null, TimeSpan.Zero, end.Reason, 0) };
    }

    public void OnOutput(StepId step, ReadOnlySpan<byte> bytes)
    {
        LastPrinted = step;
        if (_latest.TryGetValue(step, out var leaf)) (leaf.Tail ??= new OutputTail(TailBytes)).Add(bytes);
    }

    /// <summary>The leaves whose latest attempt failed, in the order they ended; the root cause last. Of a time-out, what it ended.</summary>
    public List<LeafRecord> Failures(RunEnded end)
    {
        if (end.Outcome is Outcome.Cancelled or Outcome.Stopped) return [];
        var rootCause = end.RootCause;
        bool Ended(LeafRecord leaf) => leaf.Failed
            || end.Outcome == Outcome.TimedOut && leaf.End is { Outcome: Outcome.Cancelled }
                && rootCause is { } cause && leaf.Step.Path.StartsWith(cause.Path, StringComparison.Ordinal);
        var failures = Leaves.Where(leaf => Ended(leaf) && _latest[leaf.Step] == leaf).OrderBy(leaf => leaf.End!.Sequence).ToList();
        failures.RemoveAll(group => group.Text.Length == 0 && Leaves.Exists(leaf => leaf.Step.Path.StartsWith(group.Step.Path + "/", StringComparison.Ordinal)));
        var root = failures.FindIndex(leaf => leaf.Step == rootCause);
        if (root < 0 || root == failures.Count - 1) return failures;
        failures.Add(failures[root]);
        failures.RemoveAt(root);
        return failures;
    }
}
