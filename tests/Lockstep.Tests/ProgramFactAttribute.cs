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
        Skip = Hindrance(program, trial);
    }

    public string Program { get; }

    public string[] Trial { get; }

    internal static string? Hindrance(string program, string[] trial)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, trial) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"not run: {program} {string.Join(' ', trial)} failed: {said.Trim()}";
        }
        catch (Win32Exception)
        {
            return $"not run: there is no {program}";
        }
    }
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string program, params string[] trial)
    {
        Program = program;
        Trial = trial;
        Skip = ProgramFactAttribute.Hindrance(program, trial);
    }

    public string Program { get; }

    public string[] Trial { get; }
}
