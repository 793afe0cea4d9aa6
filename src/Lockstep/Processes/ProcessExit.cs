using Lockstep.Processes.Native;

namespace Lockstep.Processes;

/// <summary>How a process ended: by itself with a code, or by a signal.</summary>
/// <param name="Code">0 to 255; null when a signal ended it.</param>
/// <param name="Signal">The signal's number; null when it ended by itself.</param>
internal readonly record struct ProcessExit(int? Code, int? Signal)
{
    /// <summary>Whether it ended by itself with code 0.</summary>
    public bool Succeeded => Code == 0;

    /// <summary>The code as a shell gives it: 128 and the number for a signal.</summary>
    public int ShellCode => Code ?? 128 + Signal.GetValueOrDefault();

    /// <summary>Whether SIGINT ended it, or something that tells of that by the code 130, as shells do.</summary>
    public bool Interrupted => ShellCode == 128 + Signals.Interrupt;

    internal static ProcessExit FromStatus(int status) =>
        (status & 0x7f) == 0 ? new((status >> 8) & 0xff, null) : new(null, status & 0x7f);
}
