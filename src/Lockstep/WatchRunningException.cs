namespace Lockstep;

/// <summary>A watch was not started, because one of its name runs in its folder already.</summary>
/// <param name="message">Which one runs.</param>
/// <param name="help">One sentence on what to do.</param>
public sealed class WatchRunningException(string message, string help) : Exception(message)
{
    /// <summary>One sentence on what to do.</summary>
    public string Help { get; } = help;
}
