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

    private static ProcessSpec Sh(string script) => new("/bin/sh", ["-c", script]);
}
