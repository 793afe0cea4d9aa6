using System.Text;
using Lockstep.Cli.Terminal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>What a frame is drawn for.</summary>
/// <param name="Columns">The width; no line is wider.</param>
/// <param name="Lines">The height; there are no more lines.</param>
/// <param name="Style">Colour.</param>
/// <param name="Unicode">Whether signs beyond ASCII can be shown.</param>
/// <param name="Now">The time that running steps have run up to.</param>
/// <param name="Spin">Which state of the spinner is shown.</param>
internal sealed record FrameOptions(int Columns, int Lines, Style Style, bool Unicode, DateTimeOffset Now, int Spin = 0)
{
    /// <summary>The last lines of a row's output, at most so many; null for none.</summary>
    public Func<int, int, IReadOnlyList<string>>? TailOf { get; init; }

    /// <summary>How long a running step will still take, in words; null for none.</summary>
    public Func<PlanNode, string?>? LeftOf { get; init; }
}

/// <summary>Draws a plan's tree with the state of each step, within a given height: what matters now stays, what is over or to come shrinks.</summary>
internal sealed class TreeFrame(RowStates states, FrameOptions options)
{
    private const int MostTail = 4;
    private readonly PlanRow[] _rows = states.Rows.All;
    private readonly List<FrameItem> _items = [];
    private readonly List<string> _lines = [];

    /// <summary>How many leaves there are; known once drawn.</summary>
    public int Leaves { get; private set; }

    /// <summary>How many leaves have ended; known once drawn.</summary>
    public int Done { get; private set; }

    public List<string> Draw()
    {
        var sums = states.Sum();
        for (var i = 0; i < _rows.Length; i = _rows[i].End)
        {
            Leaves += sums[i].Leaves;
            Done += sums[i].Done;
        }
        if (!IsRunning(sums) && DeepestThatFits() is { } depth) ChooseTo(depth);
        else Choose(sums, whole: _rows.Length <= options.Lines);
        if (_items.Count > options.Lines) Shrink(sums);
        var running = 0;
        foreach (var item in _items)
            if (item.Count == 0 && IsRunningLeaf(item.Row, sums)) running++;
        var tail = options.TailOf is null || running == 0 ? 0 : Math.Clamp((options.Lines - _items.Count) / running, 0, MostTail);
        foreach (var item in _items)
        {
            Write(item, sums);
            if (tail > 0 && item.Count == 0 && IsRunningLeaf(item.Row, sums)) WriteTail(item, tail);
        }
        return _lines;
    }

    private bool IsRunning(ReadOnlySpan<RowState> sums)
    {
        for (var i = 0; i < _rows.Length; i = _rows[i].End)
            if (sums[i].Phase == RowPhase.Running) return true;
        return false;
    }

    /// <summary>The depth down to which all rows have room; null when not even the outermost have.</summary>
    private int? DeepestThatFits()
    {
        var counts = new List<int>();
        foreach (var row in _rows)
        {
            while (counts.Count <= row.Depth) counts.Add(0);
            counts[row.Depth]++;
        }
        int? deepest = null;
        var total = 0;
        for (var depth = 0; depth < counts.Count && (total += counts[depth]) <= options.Lines; depth++) deepest = depth;
        return deepest;
    }

    private void ChooseTo(int depth)
    {
        for (var i = 0; i < _rows.Length; i++)
            if (_rows[i].Depth <= depth) _items.Add(new FrameItem(i, 0));
    }

    /// <summary>Takes all rows, or leaves out what is over or to come, as one line for each stretch of siblings.</summary>
    private void Choose(ReadOnlySpan<RowState> sums, bool whole)
    {
        for (var i = 0; i < _rows.Length;)
        {
            var phase = sums[i].Phase;
            var quiet = phase is RowPhase.Waiting or RowPhase.Succeeded or RowPhase.Skipped;
            if (whole || !quiet)
            {
                _items.Add(new FrameItem(i, 0));
                i++;
                continue;
            }
            var end = _rows[i].End;
            var count = 1;
            var last = i;
            var waits = phase == RowPhase.Waiting;
            while (!_rows[last].IsLast && end < _rows.Length && IsAlike(sums[end].Phase, waits))
            {
                last = end;
                count++;
                end = _rows[end].End;
            }
            _items.Add(count == 1 ? new FrameItem(i, 0) : new FrameItem(last, count));
            i = end;
        }
    }

    private static bool IsAlike(RowPhase phase, bool waits)
        => waits ? phase == RowPhase.Waiting : phase is RowPhase.Succeeded or RowPhase.Skipped;

    /// <summary>Keeps failed and running leaves with what stands right above them, then only as many as there is room for.</summary>
    private void Shrink(ReadOnlySpan<RowState> sums)
    {
        for (var i = _items.Count - 1; i >= 0 && _items.Count > options.Lines; i--)
            if (sums[_items[i].Row].Phase is RowPhase.Succeeded or RowPhase.Skipped && _items[i].Count == 0) _items.RemoveAt(i);
        for (var i = _items.Count - 1; i >= 0 && _items.Count > options.Lines; i--)
            if (sums[_items[i].Row].Phase is RowPhase.Waiting && _items[i].Count == 0) _items.RemoveAt(i);
        for (var i = _items.Count - 1; i >= 0 && _items.Count > options.Lines; i--)
            if (_items[i].Count > 0) _items.RemoveAt(i);
        var over = _items.Count - options.Lines;
        if (over <= 0) return;

        // Ancestors go first, the outermost before the others; then the leaves in the middle.
        var dropped = 0;
        for (var i = 0; i < _items.Count && dropped <= over;)
        {
            if (_rows[_items[i].Row].End - _items[i].Row > 1 && _items[i].Count == 0)
            {
                _items.RemoveAt(i);
                dropped++;
            }
            else
            {
                i++;
            }
        }
        over = _items.Count - options.Lines;
        if (over <= 0) return;
        var keep = Math.Max(1, options.Lines - 1);
        var hidden = _items.Count - keep;
        _items.RemoveRange(keep, hidden);
        _items.Add(new FrameItem(-1, hidden));
    }

    private bool IsRunningLeaf(int row, ReadOnlySpan<RowState> sums)
        => row >= 0 && _rows[row].End == row + 1 && sums[row].Phase == RowPhase.Running;

    private void Write(FrameItem item, ReadOnlySpan<RowState> sums)
    {
        if (item.Row < 0)
        {
            _lines.Add(options.Style.Dim(TextWidth.Cut($"   {Dots} {item.Count} more", options.Columns)));
            return;
        }
        var row = _rows[item.Row];
        var (prefix, prefixWidth) = Prefix(row, row.IsLast ? Corner : Tee);
        ref readonly var state = ref sums[item.Row];
        if (item.Count > 0)
        {
            var what = state.Phase == RowPhase.Waiting ? $"{item.Count} waiting" : $"{item.Count} done";
            _lines.Add($"{options.Style.Dim(prefix)}{Glyph(state.Phase)} {options.Style.Dim(TextWidth.Cut(what, options.Columns - prefixWidth - 2))}");
        }
        else
        {
            WriteRow(item.Row, prefix, prefixWidth, state);
        }
    }

    private void WriteRow(int index, string prefix, int prefixWidth, in RowState state)
    {
        var row = _rows[index];
        var room = options.Columns - prefixWidth - 2;
        var suffix = Suffix(index, state, room);
        var note = state.Note is { } told ? TextWidth.Brief(told) : "";
        var text = TextWidth.Cut(TextWidth.Printable(row.Text), room - (suffix.Length > 0 ? suffix.Length + 2 : 0));
        var left = room - TextWidth.Of(text) - (suffix.Length > 0 ? suffix.Length + 2 : 0);
        var line = new StringBuilder();
        line.Append(options.Style.Dim(prefix)).Append(Glyph(state.Phase)).Append(' ');
        line.Append(state.Phase is RowPhase.Waiting or RowPhase.Skipped ? options.Style.Dim(text) : text);
        if (suffix.Length > 0) line.Append("  ").Append(options.Style.Dim(suffix));
        if (note.Length > 0 && left > 10)
        {
            var cut = TextWidth.Cut(note, left - 2);
            line.Append("  ").Append(state.Phase == RowPhase.Failed ? options.Style.Red(cut) : options.Style.Yellow(cut));
        }
        _lines.Add(line.ToString());
    }

    /// <summary>What stands behind a row's text, the less important left out where there is no room.</summary>
    private string Suffix(int index, in RowState state, int room)
    {
        var row = _rows[index];
        var time = Time(state);
        if (Attempt(index, state) is { } attempt && attempt.Length + time.Length < room / 2) time = $"{attempt} of {time}";
        var group = row.End > index + 1 && state.Leaves > 1 && state.Phase != RowPhase.Waiting ? $"{state.Done}/{state.Leaves}" : "";
        var left = state.Phase == RowPhase.Running && (row.Step ?? row.Labelled) is { } step ? options.LeftOf?.Invoke(step) ?? "" : "";
        var suffix = "";
        foreach (var part in (ReadOnlySpan<string>)[time, group, left])
        {
            if (part.Length == 0) continue;
            var longer = suffix.Length == 0 ? part : $"{suffix}  {part}";
            if (longer.Length + 2 > room - MostText(row, room)) break;
            suffix = longer;
        }

        return suffix;
    }

    /// <summary>The columns that a row's own text keeps in any case.</summary>
    private static int MostText(PlanRow row, int room) => Math.Min(Math.Max(8, TextWidth.Of(row.Text)), Math.Max(8, room / 3));

    private void WriteTail(FrameItem item, int count)
    {
        var row = _rows[item.Row];
        var (prefix, width) = Prefix(row, row.IsLast ? "   " : Bar);
        foreach (var line in options.TailOf!(item.Row, count))
            _lines.Add(options.Style.Dim($"{prefix}  {TextWidth.Cut(line, options.Columns - width - 2)}"));
    }

    private string Time(in RowState state)
    {
        if (state.Started is not { } started) return "";
        if (state.Phase == RowPhase.Running) return Durations.Running(states.Executed(options.Now) - started);
        return state.Ended is { } ended ? Durations.Short(ended - started) : "";
    }

    /// <summary>The number and the own time of a step's attempt that is not the first; null for others.</summary>
    private string? Attempt(int index, in RowState state)
    {
        if (state.Attempt is not { Length: > 0 } attempt || attempt.AsSpan().Trim("1.").IsEmpty || state.AttemptStarted is not { } started) return null;
        var own = state.Phase == RowPhase.Running ? Durations.Running(states.Executed(options.Now) - started) : state.Ended is { } ended ? Durations.Short(ended - started) : null;
        return own is null ? null : $"{(IsInRounds(index) ? "round" : "attempt")} {attempt} {(options.Unicode ? "·" : "-")} {own}";
    }

    private bool IsInRounds(int index)
    {
        for (var i = _rows[index].Parent; i >= 0; i = _rows[i].Parent)
            if (_rows[i].Step is RetryNode or DebounceNode) return _rows[i].Step is DebounceNode;
        return false;
    }

    /// <summary>The lines that ancestors draw, the outer ones left out where they would take half the width.</summary>
    private (string Text, int Width) Prefix(PlanRow row, string own)
    {
        var levels = Math.Max(1, options.Columns / 2 / 3) - 1;
        var first = Math.Max(0, row.Depth - levels);
        var prefix = new StringBuilder();
        if (first > 0) prefix.Append(Dots).Append(' ');
        Span<bool> ended = stackalloc bool[row.Depth - first];
        var above = row.Parent;
        for (var depth = ended.Length - 1; depth >= 0; above = _rows[above].Parent) ended[depth--] = _rows[above].IsLast;
        foreach (var isLast in ended) prefix.Append(isLast ? "   " : Bar);
        prefix.Append(own);
        return (prefix.ToString(), TextWidth.Of(prefix.ToString()));
    }

    private string Glyph(RowPhase phase) => phase switch
    {
        RowPhase.Waiting => options.Style.Dim(options.Unicode ? "·" : "."),
        RowPhase.Skipped => options.Style.Dim("-"),
        RowPhase.Succeeded => options.Style.Green(options.Unicode ? "✓" : "+"),
        RowPhase.Cancelled => options.Style.Yellow(options.Unicode ? "⊘" : "~"),
        RowPhase.Failed => options.Style.Red(options.Unicode ? "✗" : "x"),
        RowPhase.Running => options.Style.Cyan(options.Unicode ? "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".Substring(options.Spin % 10, 1) : "|/-\\".Substring(options.Spin % 4, 1)),
        _ => throw new InvalidOperationException($"no sign for {phase}"),
    };

    private string Dots => options.Unicode ? "…" : "..";

    private string Tee => options.Unicode ? "├─ " : "|- ";

    private string Corner => options.Unicode ? "└─ " : "`- ";

    private string Bar => options.Unicode ? "│  " : "|  ";

    /// <summary>A line: a row, or a stretch of siblings that ends with it; without a row, what is left out.</summary>
    private readonly record struct FrameItem(int Row, int Count);
}
