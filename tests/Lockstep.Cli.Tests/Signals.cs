using System.Runtime.InteropServices;

namespace Lockstep.Cli.Tests;

internal static partial class Signals
{
    public static int Interrupt(int process) => Kill(process, 2);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
