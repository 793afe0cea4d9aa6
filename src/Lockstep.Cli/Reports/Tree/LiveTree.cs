using Lockstep.Cli.Options;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;

namespace Lockstep.Cli.Reports.Tree;

/// <summary>A run's tree at the bottom of a terminal, redrawn as it changes and as time goes by. From any thread.</summary>
internal sealed class LiveTree : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);
    private readonly Host _host;
    private readonly Plan _plan;
    private readonly RowStates _states;
    private readonly TimeLeft _left;
    private readonly LiveArea _area;
    private readonly Func<int, int, IReadOnlyList<string>> _tail;
    private readonly ITimer _ticks;
    private DateTimeOffset? _started;
    private string? _stopping;
    private int _spin;
    private bool _timingsAsked;
    private bool _paused;
    private bool _drawn;

    /// <param name="host">The terminal.</param>
    /// <param name="plan">What runs.</param>
    /// <param name="tail">The last lines that a row's step printed, at most so many; called with <see cref="Gate"/> held.</param>
    public LiveTree(Host host, Plan plan, Func<int, int, IReadOnlyList<string>> tail)
    {
        _host = host;
        _plan = plan;
        _tail = tail;
        _states = new RowStates(new PlanRows(plan, host.Screen.Unicode));
        _left = new TimeLeft(plan, Environment.ProcessorCount);
        _area = new LiveArea(host.Screen.OutBytes);
        _ticks = host.Clock.CreateTimer(_ => Tick(), null, _interval, _interval);
    }

    /// <summary>Held while anything is drawn.</summary>
    public Lock Gate { get; } = new();

    public PlanRows Rows => _states.Rows;

    /// <summary>Whether the terminal is gone.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Whether the terminal can redraw lines, and whoever sits at it wants that.</summary>
    public static bool Suits(Host host)
        => Screen.OutIsTerminal && host.Environment("TERM") is { Length: > 0 } and not "dumb" && host.Environment("NO_COLOR") is not { Length: > 0 }
            && host.Settings.Verbosity != Verbosity.Quiet && host.Settings.Colour != ColourChoice.Never;

    /// <summary>Takes what happened before anybody looked.</summary>
    public void Remember(RunEvent happened)
    {
        lock (Gate)
        {
            _states.Apply(happened);
            _left.Apply(happened);
        }
    }

    public void Apply(RunEvent happened)
    {
        lock (Gate)
        {
            Remember(happened);
            switch (happened)
            {
                case RunStarted or RunResumed or RunForked:
                    _started = happened.At;
                    _stopping = null;
                    break;
                case PauseAsked:
                    _stopping = "pausing after the running steps";
                    break;
                case RunInterrupted interrupted:
                    _stopping = interrupted.Immediately ? "ending at once" : $"stopping ({interrupted.Signal}; once more ends it at once)";
                    break;
            }
        }
    }

    /// <summary>Writes above the tree, for good.</summary>
    public void Above(ReadOnlySpan<byte> bytes)
    {
        lock (Gate) _area.Above(bytes);
    }

    /// <summary>Takes the tree away until the result is disposed.</summary>
    public IDisposable MakeRoom()
    {
        lock (Gate)
        {
            _paused = true;
            _area.Clear();
            return new Room(this);
        }
    }

    /// <summary>Draws the tree a last time, if it was drawn before, and leaves it there.</summary>
    public void Finish()
    {
        _ticks.Dispose();
        lock (Gate)
        {
            _paused = true;
            if (_drawn) _area.Replace(Frame(final: true), keep: true);
            _area.Close();
        }
    }

    public void Dispose()
    {
        _ticks.Dispose();
        lock (Gate)
        {
            _paused = true;
            _area.Close();
        }
    }

    private void Tick()
    {
        ReadTimings();
        lock (Gate)
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
                IsGone = true;
                _paused = true;
            }
        }
    }

    /// <summary>Asks history how long the steps take, at the first drawing: a run that is over before it needs no estimates.</summary>
    private void ReadTimings()
    {
        if (Interlocked.Exchange(ref _timingsAsked, true)) return;
        IReadOnlyDictionary<StepId, StepTiming> timings;
        try
        {
            using var history = Sqlite.History.Open(Sqlite.StoreFolder.Locate(_host.Environment));
            timings = history.Timings(_plan);
        }
        catch (JournalException)
        {
            // Without history nothing is predicted; whoever needs the store for more says what is wrong with it.
            return;
        }

        lock (Gate) _left.Timings = timings;
    }

    private List<string> Frame(bool final)
    {
        var (columns, lines) = Native.Size(1) ?? (80, 24);
        var now = _host.Clock.GetUtcNow();
        var style = _host.Screen.OutStyle;
        var width = Math.Max(20, columns - 1);
        var left = final ? null : _left.Measure(now);
        var frame = new TreeFrame(_states, new FrameOptions(width, Math.Max(3, lines - 3), style, _host.Screen.Unicode, now, _spin)
        {
            TailOf = final ? null : _tail,
            LeftOf = final ? null : _left.Of,
        });
        var drawn = frame.Draw();
        var parts = new[] { $"{Durations.Running(now - (_started ?? now))}", $"{frame.Done}/{frame.Leaves}", _stopping ?? left };
        var head = final ? $"{_plan.Command}:" : $"{_plan.Command}: {string.Join("  ", parts.Where(part => part is not null))}";
        drawn.Insert(0, style.Bold(TextWidth.Cut(head, width)));
        return drawn;
    }

    private sealed class Room(LiveTree tree) : IDisposable
    {
        public void Dispose()
        {
            lock (tree.Gate) tree._paused = false;
        }
    }
}
