using Lockstep.Journal;
using Lockstep.Journal.Answers;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>How a row stands, in the order in which one wins over another when rows are summed up.</summary>
internal enum RowPhase { Waiting, Skipped, Succeeded, Cancelled, Failed, Running }

/// <summary>A row's state: its own where it is a leaf, else what the rows below it come to.</summary>
internal struct RowState
{
    public RowPhase Phase;

    /// <summary>When it started, on a clock that stands still while no process executes the run; null before that.</summary>
    public DateTimeOffset? Started;

    /// <summary>The latest attempt as its events call it, and when that started; null where nothing retries.</summary>
    public string? Attempt;
    public DateTimeOffset? AttemptStarted;

    /// <summary>When it ended; null before that.</summary>
    public DateTimeOffset? Ended;

    /// <summary>The leaves below it, and how many of them have ended.</summary>
    public int Leaves, Done;

    /// <summary>The number of the latest event in it.</summary>
    public long Latest;

    /// <summary>Whether it waits for its next attempt.</summary>
    public bool Retrying;

    /// <summary>Whether the step around others has an end of its own, and is not what they come to.</summary>
    public bool Settled;

    /// <summary>Something that explains it, such as why it failed.</summary>
    public string? Note;

    /// <summary>Whether the note tells what its round began with, and stands until the next.</summary>
    public bool Restarted;
}

/// <summary>Folds a run's events to the state of each row.</summary>
internal sealed class RowStates(PlanRows rows)
{
    private readonly RowState[] _own = new RowState[rows.All.Length];
    private readonly RowState[] _shown = new RowState[rows.All.Length];
    private readonly Dictionary<StepId, RowPhase> _links = [];
    private readonly ExecutedTime _clock = new();
    private Outcome? _outcome;

    public PlanRows Rows => rows;

    /// <summary>A moment on the clock of <see cref="RowState.Started"/>.</summary>
    public DateTimeOffset Executed(DateTimeOffset moment) => moment - _clock.Standing;

    public void Apply(RunEvent happened)
    {
        switch (happened)
        {
            case RunEnded ended:
                // Nothing is tried again any more.
                _outcome = ended.Outcome;
                foreach (ref var own in _own.AsSpan()) own.Retrying = false;
                return;
            case RunResumed resumed:
                GoOn(resumed.AliveUntil, resumed.At);
                return;
            case RunForked:
                GoOn(DateTimeOffset.MinValue, happened.At);
                return;
        }
        _clock.Advance(happened.At);
        if (happened is not StepEvent about || rows.Of(about.Step) is not { } index) return;
        ref var row = ref _own[index];
        row.Latest = happened.Sequence;
        if (rows.All[index].Step is ChainNode chain && chain.Id != about.Step && Link(about, ref row)) return;
        var at = Executed(about.At);
        switch (about)
        {
            case StepStarted:
                row.Phase = RowPhase.Running;
                Start(about, ref row);
                ClearAbove(index);
                break;
            case StepEnded ended:
                row.Phase = PhaseOf(ended.Outcome);
                row.Settled = (rows.All[index].Step ?? rows.All[index].Labelled)?.Id == ended.Step;
                row.Started ??= at - ended.Duration;
                row.Ended = at;
                row.Note = ended.Outcome == Outcome.Succeeded ? null : ended.Reason;
                break;
            case StepSkipped skipped:
                row.Phase = RowPhase.Skipped;
                row.Note = skipped.Reason;
                Skip(index, happened.Sequence);
                break;
            case StepRetried retried:
                row.Note = $"attempt {retried.Failed} of {retried.Attempts} failed";
                row.Retrying = true;
                break;
            case StepRestarted restarted:
                row.Note = $"round {restarted.Round}: {restarted.Reason}";
                row.Restarted = true;
                break;
            case SlotWaited waited:
                row.Note = $"waits for a free slot: {waited.Limit} {waited.Slots}";
                break;
            case LockWaited waited:
                row.Note = $"waits for {waited.Name}{(waited.Holder is null ? "" : $", held by {waited.Holder}")}";
                break;
            case ConfirmationAnswered { Granted: false } answer:
                row.Phase = RowPhase.Failed;
                row.Settled = true;
                row.Note = $"denied by {answer.By}";
                break;
            case ConditionEvaluated condition:
                row.Note = null;
                Choose(index, condition);
                break;
            case LockTaken or ConfirmationAnswered:
                row.Note = null;
                break;
        }
    }

    private void Start(StepEvent about, ref RowState row)
    {
        var at = Executed(about.At);
        row.Started ??= at;
        if (about.Attempt.Length > 0 && about.Attempt != row.Attempt) (row.Attempt, row.AttemptStarted) = (about.Attempt, at);
        row.Ended = null;
        row.Note = null;
        row.Settled = false;
    }

    /// <summary>What ran when its process went away runs no more, and what it took then is not its time.</summary>
    private void GoOn(DateTimeOffset aliveUntil, DateTimeOffset at)
    {
        _clock.Resume(aliveUntil, at);
        foreach (ref var row in _own.AsSpan())
            if (row.Phase == RowPhase.Running) (row.Phase, row.Started) = (RowPhase.Waiting, null);
        foreach (var (link, phase) in _links)
            if (phase == RowPhase.Running) _links[link] = RowPhase.Waiting;
    }

    /// <summary>An event of a link that stands in its chain's own line: the line is what the chain comes to.</summary>
    private bool Link(StepEvent about, ref RowState row)
    {
        switch (about)
        {
            case StepStarted:
                _links[about.Step] = RowPhase.Running;
                row.Phase = RowPhase.Waiting;
                Start(about, ref row);
                ClearAbove(rows.Of(about.Step)!.Value);
                return true;
            case StepEnded ended:
                _links[about.Step] = PhaseOf(ended.Outcome);
                row.Started ??= Executed(about.At) - ended.Duration;
                row.Ended = Executed(about.At);
                row.Note = ended.Outcome == Outcome.Succeeded ? null : ended.Reason;
                return true;
            case StepSkipped:
                _links[about.Step] = RowPhase.Skipped;
                return true;
            default:
                return false;
        }
    }

    private void Choose(int index, ConditionEvaluated condition)
    {
        if (rows.All[index].Step is not ConditionalNode node) return;
        foreach (var branch in node.Branches)
        {
            if (rows.Of(branch.Body.Id) is not { } row || row <= index) continue;
            while (rows.All[row].Parent > index) row = rows.All[row].Parent;
            if (branch.Pattern != condition.Branch)
            {
                Skip(row, condition.Sequence);
                continue;
            }
            for (var i = row; i < rows.All[row].End; i++)
                if (_own[i].Phase == RowPhase.Skipped) _own[i].Phase = RowPhase.Waiting;
        }
    }

    /// <summary>The state of every row, valid until the next call.</summary>
    public ReadOnlySpan<RowState> Sum()
    {
        var all = rows.All;
        _own.CopyTo(_shown, 0);
        for (var i = all.Length - 1; i >= 0; i--)
        {
            ref var row = ref _shown[i];
            var isLeaf = all[i].End == i + 1;
            var isChain = all[i].Step is ChainNode;
            if (row.Phase != RowPhase.Skipped && !row.Settled && (isChain || !isLeaf))
            {
                row.Phase = row.Retrying ? RowPhase.Running : isChain ? ChainPhase((ChainNode)all[i].Step!) : GroupPhase(i);
                if (row.Phase is RowPhase.Running or RowPhase.Waiting) row.Ended = null;
            }
            else if (row.Phase == RowPhase.Running && _outcome is not null)
            {
                row.Phase = RowPhase.Cancelled;
            }
            if (isLeaf)
            {
                row.Leaves = 1;
                row.Done = row.Phase is RowPhase.Waiting or RowPhase.Running ? 0 : 1;
            }
            else if (isChain)
            {
                CountLinks((ChainNode)all[i].Step!, i, ref row);
            }
            if (all[i].Parent >= 0) AddTo(ref _shown[all[i].Parent], row);
        }
        return _shown;
    }

    private static void AddTo(ref RowState parent, RowState child)
    {
        parent.Leaves += child.Leaves;
        parent.Done += child.Done;
        parent.Latest = Math.Max(parent.Latest, child.Latest);
        if (child.Started is { } started && (parent.Started is null || started < parent.Started)) parent.Started = started;
        if (child.Ended is { } ended && (parent.Ended is null || ended > parent.Ended)) parent.Ended = ended;
    }

    /// <summary>A failure that was caught, or that an alternative made good, is none of the group's.</summary>
    private RowPhase GroupPhase(int index)
    {
        var all = rows.All;
        var forgiving = all[index].Step is TryCatchNode { Catch: not null };
        var last = (all[index].Step as TryCatchNode)?.Finally;
        var phase = RowPhase.Waiting;
        var latest = -1L;
        var waiting = false;
        for (var child = index + 1; child < all[index].End; child = all[child].End)
        {
            ref var state = ref _shown[child];
            waiting |= state.Phase == RowPhase.Waiting;
            if (state.Phase == RowPhase.Running) return RowPhase.Running;
            if (forgiving && last is not null && ReferenceEquals(all[child].Labelled, last))
            {
                // What runs at the end mends nothing, and its own failure counts.
                if (state.Phase is RowPhase.Failed or RowPhase.Cancelled) return state.Phase;
                continue;
            }
            if (forgiving && state.Phase == RowPhase.Skipped && phase != RowPhase.Waiting) continue;
            if (forgiving && (state.Latest > latest || phase == RowPhase.Skipped)) (latest, phase) = (state.Latest, state.Phase);
            else if (!forgiving && state.Phase > phase) phase = state.Phase;
        }

        if (!waiting || forgiving) return phase;

        // Between two of its steps a group is neither waiting nor done.
        return phase switch { RowPhase.Succeeded => Between, RowPhase.Skipped => RowPhase.Waiting, _ => phase };
    }

    /// <summary>Of a step that has begun and of which something has not: at the run's end that does not come any more.</summary>
    private RowPhase Between => _outcome switch
    {
        null => RowPhase.Running,
        Outcome.Succeeded => RowPhase.Succeeded,
        _ => RowPhase.Cancelled,
    };

    /// <summary>A chain is its result, whatever its links are: a failure that an alternative made good is none of its own.</summary>
    private RowPhase ChainPhase(ChainNode chain)
    {
        var links = chain.Links.Select(LinkPhase).Where(phase => phase != RowPhase.Skipped).ToList();
        if (links.Count == 0) return chain.Links.IsEmpty ? RowPhase.Waiting : RowPhase.Skipped;
        if (links.Contains(RowPhase.Running)) return RowPhase.Running;
        if (links.TrueForAll(phase => phase == RowPhase.Waiting)) return RowPhase.Waiting;
        if (chain.Operator == ChainOperator.Pipe) return links.Contains(RowPhase.Waiting) ? Between : links.Max();
        var goesOn = chain.Operator == ChainOperator.And ? RowPhase.Succeeded : RowPhase.Failed;
        foreach (var phase in links)
            if (phase != goesOn) return phase == RowPhase.Waiting ? Between : phase;
        return goesOn;
    }

    /// <summary>The links that stand in their chain's own line are leaves beside those below it.</summary>
    private void CountLinks(ChainNode chain, int index, ref RowState row)
    {
        foreach (var link in chain.Links)
        {
            if (rows.Of(link.Id) != index) continue;
            if (link is ChainNode nested)
            {
                CountLinks(nested, index, ref row);
                continue;
            }
            row.Leaves++;
            if (LinkPhase(link) is not (RowPhase.Waiting or RowPhase.Running)) row.Done++;
        }
    }

    private RowPhase LinkPhase(PlanNode link)
    {
        if (_links.TryGetValue(link.Id, out var known)) return known;
        if (rows.Of(link.Id) is { } row && (rows.All[row].Step ?? rows.All[row].Labelled)?.Id == link.Id) return _shown[row].Phase;
        return link switch
        {
            ChainNode nested => ChainPhase(nested),
            SequenceNode { Steps: [var only] } => LinkPhase(only),
            _ => RowPhase.Waiting,
        };
    }

    private void Skip(int index, long sequence)
    {
        for (var i = index; i < rows.All[index].End; i++)
        {
            if (_own[i].Phase != RowPhase.Waiting) continue;
            _own[i].Phase = RowPhase.Skipped;
            _own[i].Latest = sequence;
        }
    }

    /// <summary>Where something starts, what was said of the steps around it before is over.</summary>
    private void ClearAbove(int index)
    {
        for (var i = rows.All[index].Parent; i >= 0; i = rows.All[i].Parent)
        {
            ref var row = ref _own[i];
            row.Settled = false;
            if (row.Phase == RowPhase.Skipped) row.Phase = RowPhase.Waiting;
            if (!row.Restarted) (row.Note, row.Retrying) = (null, false);
        }
    }

    public static RowPhase PhaseOf(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => RowPhase.Succeeded,
        Outcome.Failed or Outcome.TimedOut or Outcome.Refused => RowPhase.Failed,
        Outcome.Cancelled or Outcome.Stopped => RowPhase.Cancelled,
        _ => throw new InvalidOperationException($"no phase for the outcome {outcome}"),
    };
}
