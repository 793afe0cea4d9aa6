using System.Text;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Binding;
using Lockstep.Tests.Sqlite;

namespace Lockstep.Tests.Execution.Resume;

/// <summary>A workflow whose lockstep dies after a chosen event, as the store sees it: events after that one are gone, and so is the process.</summary>
internal sealed class Life(Stage stage, string command)
{
    /// <summary>The run, once it has begun.</summary>
    public RunId Run { get; private set; }

    /// <summary>Runs the workflow from its beginning to its end.</summary>
    public Report Begin(params string[] arguments)
    {
        var report = stage.Run(command, null, arguments);
        Took(report);
        return report;
    }

    /// <summary>Takes a run that was begun elsewhere.</summary>
    public void Took(Report report) => Run = report.Result.Run;

    /// <summary>The events that the store holds.</summary>
    public IReadOnlyList<RunEvent> Kept()
    {
        using var history = History.Open(stage.Folder["store"]);
        return history.Events(Run);
    }

    /// <summary>Leaves the store as a crash right after an event would have left it.</summary>
    public void CrashAfter(long sequence) => CrashAfter(Run, sequence);

    /// <summary>The same, for any run of the stage.</summary>
    public void CrashAfter(RunId run, long sequence)
    {
        // A process number above the kernel's highest never lives.
        using var database = SqliteDatabase.Open(StoreFolder.Database(stage.Folder["store"]), create: false, Written.Wait);
        database.Execute(Encoding.UTF8.GetBytes($"""
            DELETE FROM events WHERE sequence > {sequence} AND run = (SELECT key FROM runs WHERE id = '{run}');
            UPDATE runs SET status = 'running', ended_at = NULL, exit_code = NULL, events = NULL, checksum = NULL,
                owner = '9999999' || substr(owner, instr(owner, ' ')) WHERE id = '{run}';
            """ + "\0"));
    }

    public Report Resume(Action<RunEvent>? seen = null) => stage.Resume(Run, seen: seen);
}
