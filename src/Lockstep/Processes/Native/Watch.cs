namespace Lockstep.Processes.Native;

/// <summary>A descriptor the loop polls, and what happens when it is ready.</summary>
internal abstract class Watch(int descriptor)
{
    /// <summary>The descriptor; who unwatches it closes it.</summary>
    public int Descriptor { get; } = descriptor;

    /// <summary>The loop's place for it; -1 while it is not watched.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Acts on readiness, an error or a hang-up, once; what is left over makes it ready again.</summary>
    public abstract void Ready();
}
