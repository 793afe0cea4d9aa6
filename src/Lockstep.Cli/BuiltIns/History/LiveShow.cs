using System.Runtime.InteropServices;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Tree;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>Shows a run that another process executes on a terminal, redrawn as it goes on, until it ends or stands still.</summary>
internal sealed class LiveShow(Sqlite.History history, Plan plan, Host host)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);
    private readonly RowStates _states = new(new PlanRows(plan, host.Screen.Unicode));
    private readonly LiveArea _area = new(host.Screen.OutBytes);
    private volatile bool _stopped;
    private int _spin;

    /// <summary>The run as it stands when it no longer runs, or when somebody has seen enough of it.</summary>
    public RunRecord Follow(RunRecord run)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var last = 0L;
        try
        {
            while (true)
            {
                run = history.Find(run.Id.Text)!;
                foreach (var happened in history.Events(run.Id, after: last))
                {
                    last = happened.Sequence;
                    _states.Apply(happened);
                }
                if (run.Status != RunStatus.Running || _stopped) return run;
                _area.Replace(Frame(run), keep: false);
                Thread.Sleep(_interval);
            }
        }
        finally
        {
            _area.Close();
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            _stopped = true;
        }
    }

    private List<string> Frame(RunRecord run)
    {
        var (columns, lines) = Native.Size(1) ?? (80, 24);
        var now = host.Clock.GetUtcNow();
        var width = Math.Max(20, columns - 1);
        var frame = new TreeFrame(_states, new FrameOptions(width, Math.Max(3, lines - 4), host.Screen.OutStyle, host.Screen.Unicode, now, _spin++));
        var drawn = frame.Draw();
        drawn.Insert(0, host.Screen.OutStyle.Bold(TextWidth.Cut($"{plan.Command}: {Durations.Running(now - run.StartedAt)}  {frame.Done}/{frame.Leaves}  {run.Id}", width)));
        return drawn;
    }
}
