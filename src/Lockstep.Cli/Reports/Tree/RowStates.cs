using Lockstep.Journal;
using Lockstep.Plans.Nodes;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>How a row stands, in the order in which one wins over another when rows are summed up.</summary>
internal enum RowPhase { Waiting, Skipped, Succeeded, Cancelled, Failed, Running }

/// <summary>A row's state: its own where it is a leaf, else what the rows below it come to.</summary>
internal struct RowState
{
    public RowPhase Phase;

    /// <summary>When it started; null before that.</summary>
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

    public PlanRows Rows => rows;

    public void Apply(RunEvent happened)
    {
        if (happened is RunEnded)
        {
            // Nothing is tried again any more.
            foreach (ref var own in _own.AsSpan()) own.Retrying = false;
            return;
        }
        if (happened is not StepEvent about || rows.Of(about.Step) is not { } index) return;
        ref var row = ref _own[index];
        row.Latest = happened.Sequence;
        switch (about)
        {
            case StepStarted:
                row.Phase = RowPhase.Running;
                row.Started ??= about.At;
                if (about.Attempt.Length > 0 && about.Attempt != row.Attempt) (row.Attempt, row.AttemptStarted) = (about.Attempt, about.At);
                row.Ended = null;
                row.Note = null;
                ClearNotesAbove(index);
                break;
            case StepEnded ended:
                row.Phase = PhaseOf(ended.Outcome);
                row.Started ??= about.At - ended.Duration;
                row.Ended = about.At;
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
                row.Note = $"denied by {answer.By}";
                break;
            case LockTaken or ConfirmationAnswered or ConditionEvaluated:
                row.Note = null;
                break;
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
            if (all[i].End == i + 1)
            {
                row.Leaves = 1;
                row.Done = row.Phase is RowPhase.Waiting or RowPhase.Running ? 0 : 1;
            }
            else if (row.Phase != RowPhase.Skipped)
            {
                row.Phase = row.Retrying ? RowPhase.Running : GroupPhase(i);
                if (row.Phase is RowPhase.Running or RowPhase.Waiting) row.Ended = null;
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
        var forgiving = all[index].Step is TryCatchNode { Catch: not null } or ChainNode { Operator: ChainOperator.Or };
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
        return phase switch { RowPhase.Succeeded => RowPhase.Running, RowPhase.Skipped => RowPhase.Waiting, _ => phase };
    }

    private void Skip(int index, long sequence)
    {
        for (var i = index + 1; i < rows.All[index].End; i++)
        {
            if (_own[i].Phase != RowPhase.Waiting) continue;
            _own[i].Phase = RowPhase.Skipped;
            _own[i].Latest = sequence;
        }
    }

    private void ClearNotesAbove(int index)
    {
        for (var i = rows.All[index].Parent; i >= 0; i = rows.All[i].Parent)
            if (!_own[i].Restarted) (_own[i].Note, _own[i].Retrying) = (null, false);
    }

    public static RowPhase PhaseOf(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => RowPhase.Succeeded,
        Outcome.Failed or Outcome.TimedOut or Outcome.Refused => RowPhase.Failed,
        Outcome.Cancelled or Outcome.Stopped => RowPhase.Cancelled,
        _ => throw new InvalidOperationException($"no phase for the outcome {outcome}"),
    };
}
