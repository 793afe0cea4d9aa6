using System.Runtime.CompilerServices;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Connections;
using Lockstep.Sqlite.Leases;
using Lockstep.Telemetry;

namespace Lockstep;

/// <summary>The runs of a store: what can be done with one after it has begun, from any process.</summary>
/// <param name="options">Around what: the environment that names the store and that resumed steps get, clock and chance. The folder does not matter.</param>
public sealed class Runs(ProjectOptions options) : IDisposable
{
    private StorePool? _pool;

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

    /// <summary>Runs a plan on the calling thread until it ends or pauses.</summary>
    public RunResult Run(Plan plan, RunOptions how)
    {
        var pool = _pool ?? Interlocked.CompareExchange(ref _pool, new StorePool(StoreFolder, ProjectRun.DurabilityOf(options)), null) ?? _pool;
        return ProjectRun.Run(plan, options, StoreFolder, how, pool);
    }

    /// <summary>Begins a run of a plan on a thread of its own.</summary>
    public RunHandle Start(Plan plan, RunOptions how) => RunHandle.Begin(how, started => Run(plan, started));

    /// <summary>Goes on with a run, as <see cref="Resume(RunId, RunOptions)"/> does, on a thread of its own; what that throws, <see cref="RunHandle.Completion"/> does.</summary>
    public RunHandle StartResume(RunId run, RunOptions how) => RunHandle.Begin(how, started => Resume(run, started));

    /// <summary>Goes on with a run that is paused, or whose process is gone, with the plan it began with, on the calling thread until it ends or pauses again.</summary>
    /// <remarks>Steps whose end is in the journal are not run again. Steps that were cut off do what their effect says.</remarks>
    /// <exception cref="RunHasEndedException">There is nothing left to execute.</exception>
    /// <exception cref="RunIsHeldException">Another process executes it.</exception>
    /// <exception cref="ValueNotGivenException">A sensitive value is needed again, or one is given that the run has.</exception>
    /// <exception cref="JournalException">There is no such run, or its journal is damaged.</exception>
    public RunResult Resume(RunId run, RunOptions how) => Resume(Stopped(run), how);

    /// <summary>A run as it stands, for <see cref="Resume(StoppedRun, RunOptions)"/>.</summary>
    internal StoppedRun Stopped(RunId run) => StoppedRun.Read(StoreFolder, run);

    internal RunResult Resume(StoppedRun stopped, RunOptions how) => ProjectRun.Resume(stopped, options, StoreFolder, how);

    /// <summary>A new run that would share another's events up to a position, and go on from there with the same plan. Nothing is written, and the other run is only read, whether it has ended or not.</summary>
    /// <param name="run">The run to fork from.</param>
    /// <param name="from">A checkpoint's label or a step's id; null, the default, for the beginning.</param>
    /// <param name="values">Values that replace the plan's; null, the default, for none. What ended before the position keeps its result, whatever values it saw.</param>
    /// <exception cref="ForkPointException">The run has no such position.</exception>
    /// <exception cref="ValueNotGivenException">The plan has no such value, or a sensitive one is needed again.</exception>
    /// <exception cref="JournalException">There is no such run, or its journal is damaged.</exception>
    public RunFork Fork(RunId run, string? from = null, GivenValues? values = null)
    {
        using var history = OpenHistory();
        var stored = PlanJson.Read(history.Plan(run));
        var events = history.Events(run);
        var point = ForkPoint.Of(stored, events, from);
        values ??= GivenValues.None;
        var (plan, changes) = values.Replace(KeptTexts.Restore(stored, events, values.Inputs, options));
        return new RunFork(run, plan, [.. events.TakeWhile(happened => happened.Sequence <= point.After)], point.Text, changes);
    }

    /// <summary>Executes a fork as a new run, on the calling thread until it ends or pauses.</summary>
    /// <exception cref="WatchRunningException">The plan is a watch's, and one of its name runs in its folder already.</exception>
    /// <exception cref="JournalException">The run it is forked from is gone, or the store can't be written.</exception>
    public RunResult Run(RunFork fork, RunOptions how) => ProjectRun.Run(fork, options, StoreFolder, how);

    /// <summary>Delivers events that wait for the webhooks which a folder's <c>lockstep.yaml</c>, or the environment, names; tries also those that failed a moment ago.</summary>
    /// <param name="folder">The absolute folder of the definitions.</param>
    /// <param name="cancel">Ends it; what was on its way may have been taken or not.</param>
    /// <returns>What each still waits for; empty when no webhook is named.</returns>
    /// <exception cref="Source.DefinitionException">The file can't be used.</exception>
    /// <exception cref="JournalException">The store can't be used.</exception>
    public async Task<IReadOnlyList<UndeliveredEvents>> Deliver(string folder, CancellationToken cancel = default)
    {
        await using var outlets = ProjectRun.OutletsOf(folder, options, StoreFolder);
        return outlets is null ? [] : await outlets.DeliverWaiting(cancel);
    }

    /// <summary>Asks something of a run, which whoever executes it does within a quarter of a second, or, where nobody does, when it is resumed.</summary>
    /// <exception cref="RunHasEndedException">Nobody will execute it any more.</exception>
    /// <exception cref="JournalException">There is no such run, or the store can't be written.</exception>
    public void Ask(RunId run, ControlRequest request) => RunRequests.Leave(StoreFolder, run, request, options.Clock.GetUtcNow());

    /// <summary>Closes the store; runs that go on are not hurt by it.</summary>
    public void Dispose() => _pool?.Dispose();
}

/// <summary>A new run that is to go on where another one was.</summary>
/// <param name="Parent">The other run.</param>
/// <param name="Plan">The new run's plan.</param>
/// <param name="Shared">The events that both share.</param>
/// <param name="From">Where they end, in words.</param>
/// <param name="Changes">The values that were replaced, such as <c>env=prod</c>; sensitive ones redacted.</param>
public sealed record RunFork(RunId Parent, Plan Plan, IReadOnlyList<RunEvent> Shared, string From, IReadOnlyList<string> Changes);
