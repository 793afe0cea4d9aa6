using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Lockstep.Processes;

/// <summary>Which of a process's two output streams bytes came from.</summary>
public enum OutputStream
{
    /// <summary>Standard output; also everything that a terminal or a shared pipe carried.</summary>
    Output,

    /// <summary>Standard error, captured on a pipe of its own.</summary>
    Errors,
}

/// <summary>Takes captured bytes, on the loop's thread, as soon as they are there.</summary>
/// <param name="stream">Where they came from.</param>
/// <param name="bytes">1 to 65,536 bytes, valid only during the call.</param>
internal delegate void OutputHandler(OutputStream stream, ReadOnlySpan<byte> bytes);

/// <summary>What to start, and what its three standard streams are.</summary>
/// <param name="Executable">An absolute path.</param>
/// <param name="Arguments">What follows the program's own name.</param>
internal sealed record ProcessSpec(string Executable, ImmutableArray<string> Arguments)
{
    /// <summary>What the program is told as its own name; by default <see cref="Executable"/>.</summary>
    public string? Name { get; init; }

    /// <summary>Where it starts; null, the default, for our own working directory.</summary>
    public string? Directory { get; init; }

    /// <summary>Its environment; null, the default, for ours as it was when the loop first started something.</summary>
    public EnvironmentBlock? Environment { get; init; }

    /// <summary>
    /// Its standard input; by default empty. Where ours is the terminal and we are in its foreground, <see cref="InputFrom.Inherited"/> lends it to the process
    /// as soon as that reads it; in the background it is empty.
    /// </summary>
    public InputFrom Input { get; init; } = InputFrom.Nothing;

    /// <summary>Its standard output; by default captured.</summary>
    public OutputTo Output { get; init; } = OutputTo.Captured;

    /// <summary>Its standard error; by default captured on a pipe of its own.</summary>
    public OutputTo Errors { get; init; } = OutputTo.Captured;

    /// <summary>Takes what is captured; null, the default, reads it and forgets it.</summary>
    public OutputHandler? OnOutput { get; init; }

    /// <summary>
    /// Runs it on a terminal of its own with the size and settings of ours. All it writes is captured as <see cref="OutputStream.Output"/>;
    /// <see cref="Output"/> and <see cref="Errors"/> are ignored. With <see cref="InputFrom.Inherited"/>, and ours a terminal too, all that is
    /// typed goes to it, ours passing every key on until it ends; else it has the input it was given.
    /// </summary>
    public bool Terminal { get; init; }

    /// <summary>
    /// Called when the interrupt key is typed and makes a signal on the process's own terminal: ours then passes it on as a key, so nobody
    /// else hears of it. On a terminal that was lent to it, called when it died of the key. Null by default.
    /// </summary>
    public Action? OnInterrupt { get; init; }

    /// <summary>
    /// An open file that it and all its descendants hold open as well, so that a lock on it tells whether any of them lives. Such a process is guarded
    /// against our own death from the beginning. Null by default.
    /// </summary>
    public SafeHandle? Held { get; init; }

    /// <summary>How long members of its group that outlive it have between SIGTERM and SIGKILL; 5 seconds by default.</summary>
    public TimeSpan StragglerGrace { get; init; } = TimeSpan.FromSeconds(5);
}
