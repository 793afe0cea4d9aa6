using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Leases;

namespace Lockstep;

/// <summary>The runs of a store: what can be done with one after it has begun, from any process.</summary>
/// <param name="options">Around what: the environment that names the store and that resumed steps get, clock and chance. The folder does not matter.</param>
public sealed class Runs(ProjectOptions options)
{
    /// <summary>Where the runs are kept.</summary>
    public string StoreFolder { get; } = Sqlite.StoreFolder.Locate(options.Environment);

    /// <summary>Opens the store for reading.</summary>
    /// <exception cref="JournalException">It can't be read.</exception>
    public History OpenHistory() => History.Open(StoreFolder);

    /// <summary>Goes on with a run that is paused, or whose process is gone, with the plan it began with, on the calling thread until it ends or pauses again.</summary>
    /// <remarks>Steps whose end is in the journal are not run again. Steps that were cut off do what their effect says.</remarks>
    /// <exception cref="RunHasEndedException">There is nothing left to execute.</exception>
    /// <exception cref="RunIsHeldException">Another process executes it.</exception>
    /// <exception cref="JournalException">There is no such run, or its journal is damaged.</exception>
    public RunResult Resume(RunId run, RunOptions how) => ProjectRun.Resume(run, options, StoreFolder, how);

    /// <summary>Asks something of a run, which whoever executes it does within a quarter of a second, or, where nobody does, when it is resumed.</summary>
    /// <exception cref="RunHasEndedException">Nobody will execute it any more.</exception>
    /// <exception cref="JournalException">There is no such run, or the store can't be written.</exception>
    public void Ask(RunId run, ControlRequest request) => RunRequests.Leave(StoreFolder, run, request, options.Clock.GetUtcNow());
}
