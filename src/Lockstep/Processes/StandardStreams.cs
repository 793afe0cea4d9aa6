using Microsoft.Win32.SafeHandles;

namespace Lockstep.Processes;

/// <summary>Where a process's standard input comes from. Closed.</summary>
internal abstract record InputFrom
{
    private InputFrom() { }

    /// <summary>The null device.</summary>
    public static InputFrom Nothing { get; } = new NullDevice();

    /// <summary>Ours. When ours is a terminal, ask for a terminal of its own instead: a background group that reads ours is stopped.</summary>
    public static InputFrom Inherited { get; } = new OurInput();

    /// <summary>An open file or the reading end of a pipe, which stays the caller's to close.</summary>
    public static InputFrom Handle(SafeFileHandle handle) => new OpenHandle(handle);

    /// <summary>These bytes, then the end.</summary>
    public static InputFrom Bytes(ReadOnlyMemory<byte> bytes) => new GivenBytes(bytes);

    internal sealed record NullDevice : InputFrom;

    internal sealed record OurInput : InputFrom;

    internal sealed record OpenHandle(SafeFileHandle Value) : InputFrom;

    internal sealed record GivenBytes(ReadOnlyMemory<byte> Value) : InputFrom;
}

/// <summary>Where a process's standard output or standard error goes. Closed.</summary>
internal abstract record OutputTo
{
    private OutputTo() { }

    /// <summary>To the handler, on a pipe of its own.</summary>
    public static OutputTo Captured { get; } = new Pipe();

    /// <summary>Where the standard output goes, in the order written; for standard output itself the same as <see cref="Captured"/>.</summary>
    public static OutputTo WithOutput { get; } = new SharedPipe();

    /// <summary>Where ours goes.</summary>
    public static OutputTo Inherited { get; } = new OurOutput();

    /// <summary>The null device.</summary>
    public static OutputTo Nothing { get; } = new NullDevice();

    /// <summary>An open file or the writing end of a pipe, which stays the caller's to close.</summary>
    public static OutputTo Handle(SafeFileHandle handle) => new OpenHandle(handle);

    internal sealed record Pipe : OutputTo;

    internal sealed record SharedPipe : OutputTo;

    internal sealed record OurOutput : OutputTo;

    internal sealed record NullDevice : OutputTo;

    internal sealed record OpenHandle(SafeFileHandle Value) : OutputTo;
}
