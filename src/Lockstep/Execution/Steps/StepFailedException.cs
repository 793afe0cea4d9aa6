namespace Lockstep.Execution.Steps;

/// <summary>A step can't run: a value it needs can't be had. Ends the step, with the message as its reason.</summary>
internal sealed class StepFailedException(string message) : Exception(message);
