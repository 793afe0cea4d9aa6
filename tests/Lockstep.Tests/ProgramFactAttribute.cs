using System.ComponentModel;
using System.Diagnostics;

namespace Lockstep.Tests;

/// <summary>A test that needs another program; skipped, with the reason, where that is missing or fails when it is tried.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program, params string[] trial)
    {
        Program = program;
        Trial = trial;
        Skip = Hindrance();
    }

    public string Program { get; }

    public string[] Trial { get; }

    private string? Hindrance()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, Trial) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"not run: {Program} {string.Join(' ', Trial)} failed: {said.Trim()}";
        }
        catch (Win32Exception)
        {
            return $"not run: there is no {Program}";
        }
    }
}
