using System.Text;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>Shows a run on a terminal: the live tree, and above it what finished steps printed.</summary>
internal sealed class LiveReport : RunReport, IDisposable
{
    private const int HeldBytes = 256 * 1024;
    private readonly Host _host;
    private readonly LiveTree _tree;
    private readonly Dictionary<StepId, Held> _held = [];
    private readonly Dictionary<int, Held> _byRow = [];
    private readonly HashSet<StepId> _messages;

    public LiveReport(Host host, Plan plan)
    {
        _host = host;
        _messages = [.. plan.Steps().OfType<LogNode>().Select(log => log.Id)];
        _tree = new LiveTree(host, plan, Tail);
    }

    public override void Remember(RunEvent happened) => _tree.Remember(happened);

    public override void OnEvent(RunEvent happened)
    {
        lock (_tree.Gate)
        {
            _tree.Apply(happened);
            switch (happened)
            {
                case StepStarted started:
                    var held = new Held(started.Text, new OutputTail(HeldBytes));
                    _held[started.Step] = held;
                    if (_tree.Rows.Of(started.Step) is { } row) _byRow[row] = held;
                    break;
                case StepEnded ended when _held.Remove(ended.Step, out var over):
                    if (_tree.Rows.Of(ended.Step) is { } place && _byRow.GetValueOrDefault(place) == over) _byRow.Remove(place);
                    Release(ended, over);
                    break;
            }
        }
    }

    public override void OnOutput(StepId step, OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        lock (_tree.Gate)
            if (_held.TryGetValue(step, out var held)) held.Output.Add(bytes);
    }

    public override IDisposable? MakeRoom() => _tree.MakeRoom();

    public override void Finish(RunResult result) => _tree.Finish();

    public void Dispose() => _tree.Dispose();

    /// <summary>What a step printed goes above the tree, for good, when it has ended.</summary>
    private void Release(StepEnded ended, Held over)
    {
        var succeeded = ended.Outcome == Outcome.Succeeded;
        if (over.Output.IsEmpty && succeeded) return;
        var style = _host.Screen.OutStyle;
        var text = new MemoryStream();
        if (!_messages.Contains(ended.Step))
        {
            var mark = ended.Outcome switch
            {
                Outcome.Succeeded => style.Green(_host.Screen.Unicode ? "✓" : "+"),
                Outcome.Cancelled => style.Yellow(_host.Screen.Unicode ? "⊘" : "~"),
                _ => style.Red(_host.Screen.Unicode ? "✗" : "x"),
            };
            var command = TextWidth.Cut(TextWidth.Printable(over.Text), Math.Max(10, Screen.Columns - 14));
            var note = over.Output.Cut ? style.Dim($"  (the last {HeldBytes / 1024} KiB of its output)") : "";
            text.Write(Encoding.UTF8.GetBytes($"{mark} {style.Bold(command)}  {style.Dim(Durations.Short(ended.Duration))}{note}\n"));
        }
        text.Write(over.Output.Bytes);
        if (over.Output.Bytes is [.., not (byte)'\n']) text.Write("\n"u8);
        _tree.Above(text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    private List<string> Tail(int row, int count) => _byRow.TryGetValue(row, out var held) ? held.Output.LastLines(count) : [];

    private sealed record Held(string Text, OutputTail Output);
}
