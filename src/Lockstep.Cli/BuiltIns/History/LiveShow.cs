using System.Runtime.InteropServices;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Tree;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>Shows a run that another process executes on a terminal, redrawn as it goes on, until it ends or stands still.</summary>
internal sealed class LiveShow(Sqlite.History history, Plan plan, Host host)
{
    private const int TailBytes = 4096;
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<int, StepStarted> _running = [];

    /// <summary>The run as it stands when it no longer runs, or when somebody has seen enough of it.</summary>
    public RunRecord Follow(RunRecord run)
    {
        using var enough = new ManualResetEventSlim();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var tree = new LiveTree(host, plan, (row, count) => Tail(run.Id, row, count));
        var last = 0L;
        do
        {
            // Asked first, so that nothing can come between the last events and the end.
            run = history.Find(run.Id.Text)!;
            foreach (var happened in history.Events(run.Id, after: last))
            {
                last = happened.Sequence;
                Apply(tree, happened);
            }
        }
        while (run.Status == RunStatus.Running && !tree.IsGone && !enough.Wait(_pollInterval));
        return run;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            enough.Set();
        }
    }

    private void Apply(LiveTree tree, RunEvent happened)
    {
        lock (tree.Gate)
        {
            tree.Apply(happened);
            if (happened is StepStarted started && tree.Rows.Of(started.Step) is { } row) _running[row] = started;
        }
    }

    /// <summary>The last lines of a step's log, which the other process writes.</summary>
    private List<string> Tail(RunId run, int row, int count)
    {
        try
        {
            if (!_running.TryGetValue(row, out var started) || history.LogOf(run, started.Step, started.Attempt) is not { } log) return [];
            using var file = log.Open();
            if (file.Length > TailBytes) file.Seek(-TailBytes, SeekOrigin.End);
            var bytes = new byte[TailBytes];
            var tail = new OutputTail(TailBytes);
            tail.Add(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
            return tail.LastLines(count);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JournalException)
        {
            return [];
        }
    }
}
