using System.Text;
using Lockstep.Processes;

namespace Lockstep.Simulation;

/// <summary>Starts a process that a script wants for real, and records what it does.</summary>
internal static class RealProcess
{
    /// <summary>Waits for its end; it reads nothing.</summary>
    public static ScriptedProcess Record(ProcessSpec spec) => ProcessLoop.Run(async loop =>
    {
        var output = new MemoryStream();
        var errors = new MemoryStream();
        try
        {
            var process = loop.Start(spec with
            {
                Input = InputFrom.Nothing,
                Output = OutputTo.Captured,
                Errors = OutputTo.Captured,
                Terminal = false,
                Held = null,
                OnOutput = (stream, bytes) => (stream == OutputStream.Output ? output : errors).Write(bytes),
            });
            var exit = await process.Exit;
            return new ScriptedProcess { ExitCode = exit.ShellCode, Output = Text(output), Errors = Text(errors), Real = true };
        }
        catch (ProcessStartException missing)
        {
            return new ScriptedProcess { ExitCode = missing.ShellCode, Errors = missing.Message + "\n", Real = true };
        }
    });

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
}
