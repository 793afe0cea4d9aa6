using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Telemetry.Otlp;

/// <summary>A run's events as spans: the run, its groups, steps and attempts, one in the other as in the plan. Used from one thread.</summary>
/// <remarks>A group has no events of its own: it lasts from the first to the last one inside it, and is told when the run has ended.</remarks>
internal sealed class SpanTree
{
    private readonly Plan _plan;
    private readonly TraceContext _trace;
    private readonly Dictionary<StepId, Seat> _seats = [];
    private readonly Dictionary<string, TraceSpan> _open = new(StringComparer.Ordinal);
    private readonly List<TraceSpan> _finished = [];
    private TraceSpan? _run;

    public SpanTree(Plan plan, TraceContext trace)
    {
        _plan = plan;
        _trace = trace;
        SeatAll();
    }

    /// <summary>The id of the span that a step in an attempt is.</summary>
    public string IdOf(StepId step, string attempt) => step == _plan.Root.Id && !IsLeaf(step) ? _trace.RunSpan : _trace.SpanOf(step, attempt);

    /// <summary>Takes the next event.</summary>
    public void Take(RunEvent happened)
    {
        switch (happened)
        {
            case RunStarted started:
                BeginRun(started.At);
                break;
            case RunForked forked:
                _open.Clear();
                BeginRun(forked.At);
                break;
            case StepStarted started:
                Begin(started);
                break;
            case StepEnded ended:
                End(ended);
                break;
            case StepRetried retried:
                var failed = AttemptOf(retried.Step, Inner(retried.Attempt, retried.Failed), retried.At);
                failed.Error = retried.Error;
                Finish(failed, retried.At);
                break;
            case RunEnded ended:
                End(ended);
                break;
        }
    }

    /// <summary>The spans that have ended since the last call.</summary>
    public IReadOnlyList<TraceSpan> TakeFinished()
    {
        TraceSpan[] finished = [.. _finished];
        _finished.Clear();
        return finished;
    }

    private void BeginRun(DateTimeOffset at)
        => _run = new TraceSpan(_trace.RunSpan, _trace.Parent, $"RUN {_plan.Command}") { Start = at, End = at, IsRun = true };

    private void Begin(StepStarted started)
    {
        // A step that was cut off and starts again is one span, from its last start.
        _open.Remove(_trace.SpanOf(started.Step, started.Attempt));
        var span = StepOf(started.Step, started.Attempt, started.At);
        span.Attributes.Add(("process.command_line", started.Text));
    }

    private void End(StepEnded ended)
    {
        var id = IdOf(ended.Step, ended.Attempt);
        if (id == _trace.RunSpan) return;
        if (!_open.TryGetValue(id, out var span)) span = StepOf(ended.Step, ended.Attempt, ended.At - ended.Duration);
        if (ended.Outcome is not (Outcome.Succeeded or Outcome.Stopped)) span.Error = ended.Reason ?? ResultOf(ended.Outcome);
        if (!IsLeaf(ended.Step))
        {
            span.End = ended.At;
            return;
        }

        span.Attributes.Add(("cicd.pipeline.task.run.result", ResultOf(ended.Outcome)));
        if (ended.ExitCode is { } code) span.Attributes.Add(("process.exit.code", (long)code));
        if (ended.Outcome is not (Outcome.Succeeded or Outcome.Stopped)) span.Attributes.Add(("error.type", ResultOf(ended.Outcome)));
        Finish(span, ended.At);
    }

    private void End(RunEnded ended)
    {
        if (_run is not { } run) return;
        if (ended.RootCause is { } cause) Blame(cause, ended.Reason);
        foreach (var span in _open.Values) _finished.Add(span);
        _open.Clear();
        run.End = ended.At;
        run.Attributes.Add(("cicd.pipeline.name", _plan.Command));
        run.Attributes.Add(("cicd.pipeline.run.id", _trace.Run.Text));
        run.Attributes.Add(("cicd.pipeline.action.name", "RUN"));
        run.Attributes.Add(("cicd.pipeline.result", ResultOf(ended.Outcome)));
        run.Attributes.Add(("process.exit.code", (long)ended.ExitCode));
        if (ended.Outcome is not (Outcome.Succeeded or Outcome.Stopped))
        {
            run.Error = ended.Reason ?? ResultOf(ended.Outcome);
            run.Attributes.Add(("error.type", ResultOf(ended.Outcome)));
        }

        _finished.Add(run);
    }

    /// <summary>What is around the step that failed the run failed by it.</summary>
    private void Blame(StepId cause, string? reason)
    {
        for (var at = Seated(cause)?.Parent; at is { } around; at = Seated(around)?.Parent)
            foreach (var span in _open.Values)
                if (span.Attributes.Contains(("cicd.pipeline.task.name", around.Path))) span.Error ??= reason ?? $"{cause} failed";
    }

    private void Finish(TraceSpan span, DateTimeOffset at)
    {
        span.End = at;
        _open.Remove(span.Id);
        _finished.Add(span);
        for (var parent = span.Parent; parent is not null && _open.TryGetValue(parent, out var around); parent = around.Parent)
            if (around.End < at) around.End = at;
    }

    private TraceSpan StepOf(StepId step, string attempt, DateTimeOffset at) => Ensure(_trace.SpanOf(step, attempt), step, attempt, ofAttempt: false, at);

    private TraceSpan AttemptOf(StepId step, string attempt, DateTimeOffset at) => Ensure(_trace.SpanOf(step, attempt, ofAttempt: true), step, attempt, ofAttempt: true, at);

    private TraceSpan Ensure(string id, StepId step, string attempt, bool ofAttempt, DateTimeOffset at)
    {
        if (_open.TryGetValue(id, out var known)) return known;
        var parent = ofAttempt ? StepOf(step, Outer(attempt, Seated(step)?.Attempts ?? 0), at).Id : ParentOf(step, attempt, at);
        var span = new TraceSpan(id, parent, ofAttempt ? $"attempt {attempt[(attempt.LastIndexOf('.') + 1)..]}" : $"RUN {step.Path}") { Start = at, End = at };
        span.Attributes.Add(("cicd.pipeline.task.name", step.Path));
        span.Attributes.Add(("cicd.pipeline.task.run.id", $"{_trace.Run.Text}/{step.Path}{(attempt.Length > 0 ? "#" : "")}{attempt}"));
        span.Attributes.Add(("lockstep.run.id", _trace.Run.Text));
        if (Seated(step) is { } seat) span.Attributes.Add(("lockstep.step.kind", seat.Kind));
        if (attempt.Length > 0) span.Attributes.Add(("lockstep.attempt", attempt));
        return _open[id] = span;
    }

    private string ParentOf(StepId step, string attempt, DateTimeOffset at)
    {
        if (Seated(step)?.Parent is not { } parent || parent == _plan.Root.Id || Seated(parent) is not { } around) return _trace.RunSpan;
        return around.MakesAttempts
            ? AttemptOf(parent, Outer(attempt, around.Attempts + 1), at).Id
            : StepOf(parent, Outer(attempt, around.Attempts), at).Id;
    }

    /// <summary>Seats every step; of several with one id, the first. Without recursion: a plan may be deeper than the stack.</summary>
    private void SeatAll()
    {
        var pending = new Stack<(PlanNode Node, StepId? Parent, int Attempts)>();
        pending.Push((_plan.Root, null, 0));
        while (pending.TryPop(out var next))
        {
            var (node, parent, attempts) = next;
            var makesAttempts = node is RetryNode or DebounceNode;
            _seats.TryAdd(node.Id, new(parent, node.Kind, node.Children.IsEmpty, makesAttempts, attempts));
            foreach (var child in node.Children) pending.Push((child, node.Id, makesAttempts ? attempts + 1 : attempts));
        }
    }

    private Seat? Seated(StepId step) => _seats.TryGetValue(step, out var seat) ? seat : null;

    private bool IsLeaf(StepId step) => Seated(step) is not { IsLeaf: false };

    /// <summary>The first numbers of an attempt such as <c>2.1</c>.</summary>
    private static string Outer(string attempt, int count)
    {
        if (count == 0) return "";
        var end = -1;
        for (var i = 0; i < count; i++)
        {
            end = attempt.IndexOf('.', end + 1);
            if (end < 0) return attempt;
        }

        return attempt[..end];
    }

    private static string Inner(string attempt, int number) => attempt.Length == 0 ? $"{number}" : $"{attempt}.{number}";

    /// <summary>The word that OpenTelemetry has for an outcome.</summary>
    public static string ResultOf(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded or Outcome.Stopped => "success",
        Outcome.Failed => "failure",
        Outcome.TimedOut => "timeout",
        Outcome.Cancelled => "cancellation",
        Outcome.Refused => "skip",
        _ => throw new InvalidOperationException($"no word for the outcome {outcome}"),
    };
}

/// <summary>Where a step stands in its plan.</summary>
/// <param name="Parent">The step around it; null for the root.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="IsLeaf">Whether nothing is inside it.</param>
/// <param name="MakesAttempts">Whether what is inside it runs in numbered attempts.</param>
/// <param name="Attempts">How many numbers its own attempt has.</param>
internal sealed record Seat(StepId? Parent, string Kind, bool IsLeaf, bool MakesAttempts, int Attempts);
