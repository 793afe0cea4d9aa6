namespace Lockstep.Execution;

/// <summary>There is nobody who could answer a question: a new run is refused, one that is resumed stands still and asks again when it goes on.</summary>
/// <param name="message">Why, without a final stop.</param>
public sealed class NobodyToAskException(string message) : Exception(message);
