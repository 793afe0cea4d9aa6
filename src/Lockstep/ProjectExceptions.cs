namespace Lockstep;

/// <summary>No definition file where one was looked for.</summary>
/// <param name="message">What was looked for, where, and what to do.</param>
public sealed class ProjectNotFoundException(string message) : Exception(message);

/// <summary>A value of a plan could not be resolved, so there is no resolved plan.</summary>
/// <param name="value">The value's name.</param>
/// <param name="message">The decorator and the cause.</param>
/// <param name="help">What to do.</param>
public sealed class ValueNotResolvedException(string value, string message, string help) : Exception(message)
{
    /// <summary>The value's name.</summary>
    public string Value { get; } = value;

    /// <summary>One sentence on what to do.</summary>
    public string Help { get; } = help;
}

/// <summary>A watch was not started, because one of its name runs in its folder already.</summary>
/// <param name="message">Which one runs.</param>
/// <param name="help">One sentence on what to do.</param>
public sealed class WatchRunningException(string message, string help) : Exception(message)
{
    /// <summary>One sentence on what to do.</summary>
    public string Help { get; } = help;
}
