namespace Lockstep;

/// <summary>No definition file where one was looked for.</summary>
/// <param name="message">What was looked for, where, and what to do.</param>
public sealed class ProjectNotFoundException(string message) : Exception(message);
