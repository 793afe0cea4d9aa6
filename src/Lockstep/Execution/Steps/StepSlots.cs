using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Workspaces;

namespace Lockstep.Execution.Steps;

/// <summary>How many commands may run at once, in the run and on the machine: first come, first served. For the run's own thread only.</summary>
internal sealed class StepSlots
{
    /// <summary>The environment variable that says how many commands of all runs may run at once on the machine.</summary>
    public const string MachineLimit = "LOCKSTEP_MAX_STEPS";

    /// <summary>The environment variable that tells a run inside a step that the step has a place already.</summary>
    public const string Inherited = "LOCKSTEP_SLOT";

    private const string RunLimit = "--jobs";

    private readonly int? _jobs;
    private readonly PlaceQueue? _run;
    private readonly MachineSlots? _machine;

    private StepSlots(int? jobs, MachineSlots? machine)
    {
        _jobs = jobs;
        _run = jobs is { } places ? new PlaceQueue(places) : null;
        _machine = machine;
    }

    /// <summary>The places; null where there is no limit, so that nothing is spent on counting.</summary>
    public static StepSlots? Of(int? jobs, MachineSlots? machine) => jobs is null && machine is null ? null : new(jobs, machine);

    /// <summary>Takes a place for a command, or a pipe of some, that is about to start, and tells when that has to wait.</summary>
    /// <returns>The place, until it is disposed.</returns>
    /// <exception cref="OperationCanceledException">The step was stopped, or the run paused, while it waited.</exception>
    public async ValueTask<IDisposable> Take(PlanNode node, Scope scope, RunContext run)
    {
        using var ends = new StopSignal(scope.Stop);
        using var parks = run.Park.Token.Register(() => ends.Stop("paused"));
        var place = new Place();
        try
        {
            await TakeOfRun(place, node, scope, run, ends.Token);
            if (_machine is not null) place.OnMachine = await TakeOnMachine(_machine, node, scope, run, ends.Token);

            // What stopped the step or paused the run may have come at the same time as the place.
            ends.Token.ThrowIfCancellationRequested();
            return place;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private async Task TakeOfRun(Place place, PlanNode node, Scope scope, RunContext run, CancellationToken cancel)
    {
        if (_run is null) return;
        if (!_run.TryEnter())
        {
            run.Append(new SlotWaited(node.Id, scope.Attempt, RunLimit, _jobs!.Value, null));
            await _run.EnterAsync(cancel);
        }

        place.InRun = _run;
    }

    private static async Task<IDisposable> TakeOnMachine(MachineSlots machine, PlanNode node, Scope scope, RunContext run, CancellationToken cancel)
    {
        var holder = new LockHolder(run.Run.Text, Environment.ProcessId, run.Plan.Command, run.Clock.GetUtcNow());
        try
        {
            return await machine.TakeAsync(
                holder, holders => run.Append(new SlotWaited(node.Id, scope.Attempt, MachineLimit, machine.Count, holders)), cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StepFailedException($"can't count the steps of this machine: {error.Message}; see that the folder may be written, or unset {MachineLimit}");
        }
    }

    private sealed class Place : IDisposable
    {
        public PlaceQueue? InRun { get; set; }

        public IDisposable? OnMachine { get; set; }

        public void Dispose()
        {
            OnMachine?.Dispose();
            InRun?.Leave();
            (OnMachine, InRun) = (null, null);
        }
    }
}
