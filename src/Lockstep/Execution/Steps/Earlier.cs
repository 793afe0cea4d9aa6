using Lockstep.Journal;
using Lockstep.Journal.Answers;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Execution.Steps;

/// <summary>What the journal of a resumed or forked run says of the time before: the walk takes it as done.</summary>
internal sealed class Earlier
{
    private readonly Dictionary<(StepId Step, string Attempt), StepEvent> _latest = [];
    private readonly Dictionary<(StepId Step, string Attempt), ConditionEvaluated> _conditions = [];
    private readonly Dictionary<(StepId Step, string Attempt), ConfirmationAnswered> _answers = [];
    private readonly Dictionary<(StepId Step, string Attempt, int Failed), StepRetried> _retries = [];
    private readonly Dictionary<(StepId Step, string Attempt), TimeSpan> _timers = [];
    private readonly Dictionary<(StepId Step, string Attempt), int> _rounds = [];
    private readonly Dictionary<string, List<OnceCalled>> _onceCalls = new(StringComparer.Ordinal);
    private readonly HashSet<(string Path, string Attempt)> _begun = [];
    private readonly HashSet<(StepId Step, string Attempt)> _skipped = [];
    private readonly HashSet<(StepId Step, string Attempt)> _leftBehind = [];
    private readonly HashSet<(StepId Step, string Attempt)> _limited = [];
    private readonly HashSet<(StepId Step, string Attempt)> _released = [];
    private readonly HashSet<(StepId Step, string Attempt)> _missed = [];

    private Earlier(long last) => Last = last;

    /// <summary>The sequence number of the last event before.</summary>
    public long Last { get; }

    /// <summary>How long the run was executed before, without the time in which no process had it.</summary>
    public TimeSpan Executed { get; private init; }

    /// <param name="events">What the journal holds.</param>
    /// <param name="aliveUntil">Until when the run is known to have been executed.</param>
    /// <param name="bodyOf">Gives what a command does that runs once a run.</param>
    public static Earlier Of(IReadOnlyList<RunEvent> events, DateTimeOffset aliveUntil, Func<string, PlanNode> bodyOf)
    {
        var clock = new ExecutedTime();
        var timers = new List<TimeSpan>();
        var earlier = new Earlier(events[^1].Sequence) { Executed = Fold(events, aliveUntil, clock, timers) };
        var timer = 0;
        foreach (var happened in events)
        {
            if (happened is OnceCalled called) earlier.Take(called, bodyOf);
            if (happened is StepEvent about) earlier.Take(about);
            else if (happened is RunForked) earlier.LeaveBehind();
            if (happened is TimerStarted started) earlier._timers[(started.Step, started.Attempt)] = earlier.Executed - timers[timer++];
        }

        return earlier;
    }

    /// <summary>What a run knows of the events that it shares with the one it is forked from.</summary>
    public static Earlier AtFork(IReadOnlyList<RunEvent> shared, Func<string, PlanNode> bodyOf)
    {
        var earlier = Of(shared, shared[^1].At, bodyOf);
        earlier.LeaveBehind();
        return earlier;
    }

    /// <summary>How a step has ended; null when it has not, or was started again since.</summary>
    public StepEnded? End(StepId step, string attempt) => _latest.GetValueOrDefault((step, attempt)) as StepEnded;

    /// <summary>Whether anything inside a step happened in an attempt: it has to come to its end also when the run is to stop, for its <c>finally</c> blocks.</summary>
    public bool Began(StepId step, string attempt) => _begun.Contains((step.Path, attempt));

    /// <summary>Whether a step was started and nothing says how it ended.</summary>
    public bool WasCutOff(StepId step, string attempt) => _latest.GetValueOrDefault((step, attempt)) is StepStarted;

    /// <summary>Whether a step was running in the run that this one was forked from, and has not started here.</summary>
    public bool WasLeftBehind(StepId step, string attempt) => _leftBehind.Contains((step, attempt));

    public ConditionEvaluated? Condition(StepId step, string attempt) => _conditions.GetValueOrDefault((step, attempt));

    public ConfirmationAnswered? Answer(StepId step, string attempt) => _answers.GetValueOrDefault((step, attempt));

    public StepRetried? Retry(StepId step, string attempt, int failed) => _retries.GetValueOrDefault((step, attempt, failed));

    public bool WasSkipped(StepId step, string attempt) => _skipped.Contains((step, attempt));

    public bool GaveLockBack(StepId step, string attempt) => _released.Contains((step, attempt));

    public bool MissedCache(StepId step, string attempt) => _missed.Contains((step, attempt));

    /// <summary>How much of a time-out's time has gone; zero when it had not begun.</summary>
    public TimeSpan Elapsed(StepId step, string attempt) => _timers.GetValueOrDefault((step, attempt));

    /// <summary>The number of a watch's last round, from 1.</summary>
    public int Round(StepId step, string attempt) => _rounds.GetValueOrDefault((step, attempt), 1);

    /// <summary>The call for which a command that runs once a run did so for the first time, the second, in another attempt, and so on; null when it did not.</summary>
    public OnceCalled? OnceCall(string command, int time) => _onceCalls.TryGetValue(command, out var calls) && time < calls.Count ? calls[time] : null;

    /// <summary>Forgets the steps of a command that was ended and runs again in the same attempt. Those inside that run once a run have calls of their own.</summary>
    public void Forget(PlanNode body, string attempt)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<PlanNode>([body]);
        while (pending.TryPop(out var node))
        {
            paths.Add(node.Id.Path);
            if (node is CallNode { Once: true }) continue;
            foreach (var child in node.Children) pending.Push(child);
        }

        Drop(_latest);
        Drop(_conditions);
        Drop(_answers);
        Drop(_timers);
        Drop(_rounds);
        foreach (var key in _retries.Keys)
            if (IsOld(key.Step.Path, key.Attempt)) _retries.Remove(key);
        _begun.RemoveWhere(key => IsOld(key.Path, key.Attempt));
        foreach (var keys in (ReadOnlySpan<HashSet<(StepId Step, string Attempt)>>)[_skipped, _leftBehind, _limited, _released, _missed])
            keys.RemoveWhere(key => IsOld(key.Step.Path, key.Attempt));

        void Drop<T>(Dictionary<(StepId Step, string Attempt), T> known)
        {
            foreach (var key in known.Keys)
                if (IsOld(key.Step.Path, key.Attempt)) known.Remove(key);
        }

        bool IsOld(string path, string of)
            => paths.Contains(path) && (attempt.Length == 0 || of == attempt || of.StartsWith($"{attempt}.", StringComparison.Ordinal));
    }

    /// <summary>Whether an event says only what the journal says already.</summary>
    public bool Knows(RunEvent happened) => happened switch
    {
        StepSkipped skipped => WasSkipped(skipped.Step, skipped.Attempt),
        ConditionEvaluated condition => _conditions.ContainsKey((condition.Step, condition.Attempt)),
        BranchesWaited waited => _limited.Contains((waited.Step, waited.Attempt)),
        TimerStarted timer => _timers.ContainsKey((timer.Step, timer.Attempt)),
        _ => false,
    };

    private static TimeSpan Fold(
        IReadOnlyList<RunEvent> events, DateTimeOffset aliveUntil, ExecutedTime clock, List<TimeSpan> timers)
    {
        foreach (var happened in events)
        {
            if (happened is RunResumed resumed) clock.Resume(resumed.AliveUntil, resumed.At);
            else if (happened is RunForked) clock.Resume(DateTimeOffset.MinValue, happened.At);
            var at = clock.Advance(happened.At);
            if (happened is TimerStarted) timers.Add(at);
        }

        return events[^1] is RunPaused ? clock.Total : clock.Advance(aliveUntil);
    }

    private void LeaveBehind()
    {
        foreach (var (key, latest) in _latest)
        {
            if (latest is not StepStarted) continue;
            _leftBehind.Add(key);
            _latest.Remove(key);
        }
    }

    private void Take(OnceCalled called, Func<string, PlanNode> bodyOf)
    {
        if (!_onceCalls.TryGetValue(called.Command, out var calls)) _onceCalls.Add(called.Command, calls = []);
        if (calls is [.., var last] && last.Attempt == called.Attempt)
        {
            Forget(bodyOf(called.Command), called.Attempt);
            calls.RemoveAt(calls.Count - 1);
        }

        calls.Add(called);
    }

    private void Take(StepEvent about)
    {
        var key = (about.Step, about.Attempt);
        if (about is not StepSkipped) Begin(about.Step.Path, about.Attempt);
        switch (about)
        {
            case StepStarted or StepEnded:
                _latest[key] = about;
                _leftBehind.Remove(key);
                break;
            case ConditionEvaluated condition:
                _conditions[key] = condition;
                break;
            case ConfirmationAnswered answer:
                _answers[key] = answer;
                break;
            case StepRetried retried:
                _retries[(about.Step, about.Attempt, retried.Failed)] = retried;
                break;
            case StepRestarted restarted:
                _rounds[key] = restarted.Round;
                break;
            case StepSkipped:
                _skipped.Add(key);
                break;
            case BranchesWaited:
                _limited.Add(key);
                break;
            case LockReleased:
                _released.Add(key);
                break;
            case CacheMissed:
                _missed.Add(key);
                break;
        }
    }

    /// <summary>A step is inside others, and its attempt is one of theirs: <c>2.1</c> at <c>a/b</c> is within <c>2</c> of <c>a</c>.</summary>
    private void Begin(string path, string attempt)
    {
        while (true)
        {
            for (var outer = attempt; _begun.Add((path, outer)) && outer.Length > 0;)
                outer = outer.LastIndexOf('.') is var dot and > 0 ? outer[..dot] : "";
            if (path.LastIndexOf('/') is not (var slash and > 0)) return;
            path = path[..slash];
        }
    }
}
