namespace Lockstep.Journal;

/// <summary>What is kept about runs can't be read: the message says what, where and what to do. Thrown only by the read side.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Says what can't be read.</summary>
    public JournalException(string message) : base(message) { }

    /// <summary>Says what can't be read, and what the machine said.</summary>
    public JournalException(string message, Exception cause) : base(message, cause) { }

    /// <summary>The file or folder that is to blame; null where the message alone tells.</summary>
    public string? Where { get; init; }

    /// <summary>What is wrong there, as a sentence about "it"; null where <see cref="Where"/> is.</summary>
    public string? Why { get; init; }

    /// <summary>What to do; null where <see cref="Where"/> is.</summary>
    public string? Help { get; init; }
}
