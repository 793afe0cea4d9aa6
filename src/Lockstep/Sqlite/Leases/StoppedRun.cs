using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;

namespace Lockstep.Sqlite.Leases;

/// <summary>A run as the store has it, read once before somebody goes on with it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">How it stood, before the rest was read.</param>
/// <param name="Plan">The plan it began with, without what is not kept.</param>
/// <param name="Events">What happened, checked.</param>
internal sealed record StoppedRun(RunId Run, RunStatus Status, Plan Plan, IReadOnlyList<RunEvent> Events)
{
    /// <summary>Whether it could be gone on with.</summary>
    public bool IsOpen => Status is RunStatus.Paused or RunStatus.Crashed;

    /// <exception cref="JournalException">There is no such run, its journal is damaged, or the store can't be read.</exception>
    public static StoppedRun Read(string store, RunId run)
    {
        using var history = History.Open(store);
        var status = history.Find(run.Text)?.Status ?? throw History.NoSuchRun(store, run);
        return new(run, status, PlanJson.Read(history.Plan(run)), history.Events(run));
    }
}
