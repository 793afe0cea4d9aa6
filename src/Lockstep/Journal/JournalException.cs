namespace Lockstep.Journal;

/// <summary>What is kept about runs can't be read: the message says what, where and what to do. Thrown only by the read side.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Says what can't be read.</summary>
    public JournalException(string message) : base(message) { }

    /// <summary>Says what can't be read, and what the machine said.</summary>
    public JournalException(string message, Exception cause) : base(message, cause) { }
}
