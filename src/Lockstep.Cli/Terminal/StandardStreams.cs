namespace Lockstep.Cli.Terminal;

/// <summary>What this process was given as standard streams.</summary>
internal static class StandardStreams
{
    /// <summary>Whether standard output and standard error are one file, so that what goes to either stays in the order written.</summary>
    public static bool AreOneFile => OperatingSystem.IsLinux() && Native.LinkTarget("/proc/self/fd/1") is { } output && output == Native.LinkTarget("/proc/self/fd/2");
}
