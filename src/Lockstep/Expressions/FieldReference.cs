namespace Lockstep.Expressions;

/// <summary>A static parameter whose value came from a variable that a value decorator sets: a hash has where it came from, and not what it was.</summary>
/// <param name="Field">The parameter's name among the fields of its step or expression: <c>duration</c>.</param>
/// <param name="Origin">The variable and its decorator with all arguments: <c>LIMIT = @env(key="LIMIT")</c>. No resolved value is in it.</param>
/// <param name="Sensitive">Whether what it holds must not show: it is left out of what is written. A stored plan does not say it, as it holds no such text.</param>
public sealed record FieldReference(string Field, string Origin, bool Sensitive = false);
