namespace Lockstep.Execution.Steps;

/// <summary>The run stands still: leads out of the walk past every step without ending any of them.</summary>
internal sealed class RunParkedException() : Exception("the run is paused");
