namespace Lockstep;

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
