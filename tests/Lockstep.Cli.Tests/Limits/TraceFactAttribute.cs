using System.ComponentModel;
using System.Diagnostics;

namespace Lockstep.Cli.Tests.Limits;

/// <summary>A test that watches the program's system calls; skipped, with the reason, where strace is missing or may not trace.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TraceFactAttribute : FactAttribute
{
    public TraceFactAttribute() => Skip = Hindrance();

    private static string? Hindrance()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("strace", ["-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"not run: strace may not trace here: {said.Trim()}";
        }
        catch (Win32Exception)
        {
            return "not run: there is no strace (Debian: apt-get install strace)";
        }
    }
}
