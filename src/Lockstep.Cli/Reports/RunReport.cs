using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Processes;

namespace Lockstep.Cli.Reports;

/// <summary>Shows a run while it goes. Called on the run's own thread.</summary>
internal abstract class RunReport
{
    public virtual void OnEvent(RunEvent happened) { }

    public abstract void OnOutput(StepId step, OutputStream stream, ReadOnlySpan<byte> bytes);

    /// <summary>Clears the way for a question on the terminal, until the result is disposed.</summary>
    public virtual IDisposable? MakeRoom() => null;

    /// <summary>The run is over: whatever is held back is shown now.</summary>
    public virtual void Finish(RunResult result) { }

    /// <summary>Told, before a resumed run goes on, what happened in it before.</summary>
    public virtual void Remember(RunEvent happened) { }
}
