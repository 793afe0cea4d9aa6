using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Processes;

namespace Lockstep.Dummy;

internal static class ScriptRunner
{
    public static int Guarded(string script) => ProcessLoop.Run(async loop =>
    {
        var process = loop.Start(Sh(script) with { Output = OutputTo.Inherited, Errors = OutputTo.Inherited });
        while (!process.Guarded) await Task.Delay(1);
        Console.Out.WriteLine("guarded");
        return (await process.Exit).ShellCode;
    });

    public static int OnTerminal(string script) => ProcessLoop.Run(async loop =>
    {
        using var output = Console.OpenStandardOutput();
        var process = loop.Start(Sh(script) with
        {
            Terminal = true,
            Input = InputFrom.Inherited,
            OnOutput = (_, bytes) => output.Write(bytes),
            OnInterrupt = () => output.Write("interrupted\r\n"u8),
        });
        return (await process.Exit).ShellCode;
    });

    public static int Run(string folder)
    {
        using var output = Console.OpenStandardOutput();
        var project = Project.Open(new ProjectOptions { Directory = folder });
        return project.Run(project.Plan("main", PlanMode.Run, []).Plan!, new RunOptions
        {
            Terminal = true,
            Input = true,
            OnOutput = (_, _, bytes) => output.Write(bytes),
            OnEvent = happened => { if (happened is RunInterrupted { Immediately: var atOnce }) output.Write(atOnce ? "at once\r\n"u8 : "interrupted\r\n"u8); },
        }).End.ExitCode;
    }

    private static ProcessSpec Sh(string script) => new("/bin/sh", ["-c", script]);
}
