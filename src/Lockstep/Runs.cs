using System.Runtime.CompilerServices;
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

    /// <summary>How often a watch looks for what is new.</summary>
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a watch waits for a run that has just begun to come into the store.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens the store for reading.</summary>
    /// <exception cref="JournalException">It can't be read.</exception>
    public History OpenHistory() => History.Open(StoreFolder);

    /// <summary>A run's events, those that have happened and then each as it comes, from whatever process; ends with the run's end.</summary>
    /// <remarks>Events come within a quarter of a second of being kept. A run that is paused, or whose process is gone, is waited for: it may be resumed.</remarks>
    /// <param name="run">The run; one that has begun in the last moment may come into the store within five seconds.</param>
    /// <param name="after">Only events after this sequence number; 0, the default, for all.</param>
    /// <param name="cancel">Ends the watch with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="JournalException">There is no such run, an event is damaged or missing, or the store can't be read.</exception>
    public async IAsyncEnumerable<RunEvent> Watch(RunId run, long after = 0, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var history = await OpenWith(run, cancel).ConfigureAwait(false);
        while (true)
        {
            // Asked first, so that nothing can come between the last events and the end.
            var ended = history.Find(run.Text)?.EndedAt is not null;
            foreach (var happened in history.Events(run, after))
            {
                cancel.ThrowIfCancellationRequested();
                yield return happened;
                after = happened.Sequence;
            }

            if (ended) yield break;
            await Task.Delay(_pace, options.Clock, cancel).ConfigureAwait(false);
        }
    }

    private async Task<History> OpenWith(RunId run, CancellationToken cancel)
    {
        var asked = options.Clock.GetTimestamp();
        while (true)
        {
            var history = OpenHistory();
            if (options.Clock.GetElapsedTime(asked) >= _patience || history.Find(run.Text) is not null) return history;
            history.Dispose();
            await Task.Delay(_pace, options.Clock, cancel).ConfigureAwait(false);
        }
    }

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
