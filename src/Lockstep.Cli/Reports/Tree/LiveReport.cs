using System.Text;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>Shows a run on a terminal: the tree, redrawn as it changes, and above it what finished steps printed.</summary>
internal sealed class LiveReport : RunReport, IDisposable
{
    private const int HeldBytes = 256 * 1024;
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly Host _host;
    private readonly Plan _plan;
    private readonly RowStates _states;
    private readonly LiveArea _area;
    private readonly ITimer _ticks;
    private readonly Dictionary<StepId, Held> _held = [];
    private readonly Dictionary<int, Held> _byRow = [];
    private readonly HashSet<StepId> _messages;
    private DateTimeOffset? _started;
    private string? _stopping;
    private int _spin;
    private bool _paused;
    private bool _drawn;

    public LiveReport(Host host, Plan plan)
    {
        _host = host;
        _plan = plan;
        _states = new RowStates(new PlanRows(plan, host.Screen.Unicode));
        _area = new LiveArea(host.Screen.OutBytes);
        _messages = [.. plan.Steps().OfType<LogNode>().Select(log => log.Id)];
        _ticks = host.Clock.CreateTimer(_ => Tick(), null, _interval, _interval);
    }

    public override void Remember(RunEvent happened)
    {
        lock (_gate) _states.Apply(happened);
    }

    public override void OnEvent(RunEvent happened)
    {
        lock (_gate)
        {
            _states.Apply(happened);
            switch (happened)
            {
                case RunStarted or RunResumed or RunForked:
                    _started = happened.At;
                    break;
                case PauseAsked:
                    _stopping = "pausing after the running steps";
                    break;
                case RunInterrupted interrupted:
                    _stopping = interrupted.Immediately ? "ending at once" : $"stopping ({interrupted.Signal}; once more ends it at once)";
                    break;
                case StepStarted started:
                    var held = new Held(started.Text, new OutputTail(HeldBytes));
                    _held[started.Step] = held;
                    if (_states.Rows.Of(started.Step) is { } row) _byRow[row] = held;
                    break;
                case StepEnded ended when _held.Remove(ended.Step, out var over):
                    if (_states.Rows.Of(ended.Step) is { } place && _byRow.GetValueOrDefault(place) == over) _byRow.Remove(place);
                    Release(ended, over);
                    break;
            }
        }
    }

    public override void OnOutput(StepId step, OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
            if (_held.TryGetValue(step, out var held)) held.Output.Add(bytes);
    }

    public override IDisposable? MakeRoom()
    {
        lock (_gate)
        {
            _paused = true;
            _area.Clear();
            return new Room(this);
        }
    }

    public override void Finish(RunResult result)
    {
        _ticks.Dispose();
        lock (_gate)
        {
            _paused = true;
            if (_drawn) _area.Replace(Frame(final: true), keep: true);
            _area.Close();
        }
    }

    public void Dispose()
    {
        _ticks.Dispose();
        lock (_gate)
        {
            _paused = true;
            _area.Close();
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (_paused || _started is null) return;
            _spin++;
            _drawn = true;
            try
            {
                _area.Replace(Frame(final: false), keep: false);
            }
            catch (IOException)
            {
                // The terminal is gone; the run learns of it when it prints.
                _paused = true;
            }
        }
    }

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
        _area.Above(text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    private List<string> Frame(bool final)
    {
        var (columns, lines) = Native.Size(1) ?? (80, 24);
        var now = _host.Clock.GetUtcNow();
        var style = _host.Screen.OutStyle;
        var width = Math.Max(20, columns - 1);
        var frame = new TreeFrame(_states, new FrameOptions(width, Math.Max(3, lines - 3), style, _host.Screen.Unicode, now, _spin, final ? null : Tail));
        var drawn = frame.Draw();
        var head = final ? $"{_plan.Command}:" : $"{_plan.Command}: {Durations.Running(now - (_started ?? now))}  {frame.Done}/{frame.Leaves}{(_stopping is null ? "" : $"  {_stopping}")}";
        drawn.Insert(0, style.Bold(TextWidth.Cut(head, width)));
        return drawn;
    }

    private List<string> Tail(int row, int count) => _byRow.TryGetValue(row, out var held) ? held.Output.LastLines(count) : [];

    private sealed record Held(string Text, OutputTail Output);

    private sealed class Room(LiveReport report) : IDisposable
    {
        public void Dispose()
        {
            lock (report._gate) report._paused = false;
        }
    }
}
