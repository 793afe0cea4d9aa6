namespace Lockstep.Plans.Json;

/// <summary>Bytes that are no plan this program reads: what is wrong, and where. Nothing of them was used.</summary>
public sealed class PlanFormatException(string message, Exception? cause = null) : Exception(message, cause);
