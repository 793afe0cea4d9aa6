namespace Lockstep.Expressions;

/// <summary>A static parameter whose value came from a variable that a value decorator sets: a hash has where it came from, and not what it was.</summary>
/// <param name="Field">The parameter's name among the fields of its step or expression: <c>duration</c>.</param>
/// <param name="Origin">The variable and its decorator with all arguments: <c>LIMIT = @env(key="LIMIT")</c>. No resolved value is in it.</param>
public sealed record FieldReference(string Field, string Origin);
