using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Simulation;

/// <summary>Compares how runs of one plan ended.</summary>
internal sealed class Endings
{
    private readonly Plan _plan;
    private readonly SimulatedRun _expected;
    private readonly Dictionary<StepId, EffectKind> _effects = [];
    private readonly HashSet<StepId> _beside = [];
    private readonly Dictionary<(StepId Step, string Attempt), StepEnded> _ends;
    private readonly IReadOnlyDictionary<int, ValueWasResolved> _values;
    private readonly bool _failedBeside;

    /// <param name="plan">The plan.</param>
    /// <param name="expected">A run of it to which nothing happened.</param>
    public Endings(Plan plan, SimulatedRun expected)
    {
        (_plan, _expected) = (plan, expected);
        Follow();
        var state = RunState.Of(expected.Events);
        (_ends, _values) = (OwnEnds(state), state.Values);
        _failedBeside = state.Ends.Any(end => end.Value.Outcome is not Outcome.Succeeded && _beside.Contains(end.Key.Step));
    }

    /// <summary>What is different in another run, in one sentence each.</summary>
    public IEnumerable<string> Differences(SimulatedRun other)
    {
        var (expected, actual) = (_expected.End, other.End);
        foreach (var difference in Effects(other)) yield return difference;
        if (actual.Outcome != expected.Outcome)
        {
            // What follows from that is no news.
            yield return $"the run {Word(actual.Outcome)} with exit code {actual.ExitCode} instead of {expected.ExitCode}{(actual.Reason is { } reason ? $": {reason}" : "")}";
            yield break;
        }
        if (actual.ExitCode != expected.ExitCode) yield return $"the exit code is {actual.ExitCode} instead of {expected.ExitCode}";
        if (actual.RootCause != expected.RootCause) yield return $"the root cause is {actual.RootCause?.Path ?? "nothing"} instead of {expected.RootCause?.Path ?? "nothing"}";

        var state = RunState.Of(other.Events);
        foreach (var difference in Steps(OwnEnds(state))) yield return difference;
        foreach (var (index, value) in _values)
            if (!MayDiffer(index) && state.Values.TryGetValue(index, out var found) && found.Text != value.Text)
                yield return $"{value.Name} is '{found.Text}' instead of '{value.Text}'";
    }

    private IEnumerable<string> Steps(Dictionary<(StepId Step, string Attempt), StepEnded> actual)
    {
        foreach (var key in _ends.Keys.Union(actual.Keys))
        {
            var (before, after) = (_ends.GetValueOrDefault(key), actual.GetValueOrDefault(key));

            // Of steps beside each other, which had come how far when one of them failed is a matter of time, with a crash and without.
            if ((before is null || after is null) && _failedBeside && _beside.Contains(key.Step)) continue;
            var name = key.Attempt.Length == 0 ? key.Step.Path : $"{key.Step} in attempt {key.Attempt}";
            if (before?.Outcome != after?.Outcome || before?.ExitCode != after?.ExitCode) yield return $"{name} {Told(after)} instead of {Told(before)}";
            else if (before?.Output is { } printed && after?.Output is { } other && printed != other) yield return $"{name} has the output '{other}' instead of '{printed}'";
        }
    }

    private IEnumerable<string> Effects(SimulatedRun other)
    {
        foreach (var (step, kind) in _effects)
        {
            if (kind == EffectKind.Once)
            {
                var (before, after) = (_expected.Works.Count(work => work.Step == step), other.Works.Count(work => work.Step == step));
                var mayDiffer = _failedBeside && _beside.Contains(step) && after <= Math.Max(before, 1);
                if (after != before && !mayDiffer) yield return $"{step}, which may happen only once, happened {after} times instead of {before}";
            }
            else if (kind == EffectKind.Keyed)
            {
                var keys = other.Works.Where(work => work.Step == step).Select(work => work.Key).Distinct().Count();
                if (keys > 1) yield return $"{step} ran with {keys} different keys";
            }
        }
    }

    /// <summary>The ends that steps came to by themselves.</summary>
    private static Dictionary<(StepId Step, string Attempt), StepEnded> OwnEnds(RunState state)
        => state.Ends.Where(end => end.Value.Outcome != Outcome.Cancelled).ToDictionary(end => end.Key, end => end.Value);

    /// <summary>A time or an id is another one each time it is asked for.</summary>
    private bool MayDiffer(int index) => _plan.Values[index].Expression is TimestampExpression or UuidExpression;

    private void Follow()
    {
        var pending = new Stack<(PlanNode Node, EffectKind? Effect, bool Beside)>();
        pending.Push((_plan.Root, null, false));
        while (pending.TryPop(out var next))
        {
            var (node, effect, beside) = next;
            if (node is EffectNode own) effect = own.Effect;
            if (beside) _beside.Add(node.Id);
            beside |= node is ParallelNode or NeedsNode or ChainNode { Operator: ChainOperator.Pipe };
            if (node is ShellNode && effect is { } kind) _effects.TryAdd(node.Id, kind);
            foreach (var child in node.Children) pending.Push((child, effect, beside));
        }
    }

    private static string Told(StepEnded? end) => end switch
    {
        null => "did not come to an end",
        { ExitCode: { } code and not 0 } => $"{Word(end.Outcome)} with exit code {code}",
        _ => Word(end.Outcome),
    };

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => "succeeded",
        Outcome.Failed => "failed",
        Outcome.TimedOut => "timed out",
        Outcome.Cancelled => "was cancelled",
        Outcome.Refused => "was refused",
        Outcome.Stopped => "was stopped",
        _ => throw new InvalidOperationException($"no word for {outcome}"),
    };
}
