using System.IO.Pipes;
using System.Text;

namespace Lockstep.Cli.Terminal;

/// <summary>Lines of standard input, a byte at a time, so that what follows a line is left for the steps; the terminal keeps its modes.</summary>
internal static class StandardInput
{
    /// <summary>The next line without its end; null at the end of the input. Blocks.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing waits for input any more.</exception>
    /// <exception cref="OutputClosedException">The terminal is gone.</exception>
    public static string? ReadLine(CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows()) return Console.In.ReadLine();
        using var wake = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        using var registration = cancellation.Register(() => wake.WriteByte(0));
        var line = new List<byte>();
        Span<byte> next = stackalloc byte[1];
        while (true)
        {
            Native.WaitForInput(0, (int)wake.ClientSafePipeHandle.DangerousGetHandle());
            cancellation.ThrowIfCancellationRequested();
            switch (Native.Read(0, next))
            {
                case 0: return line.Count == 0 ? null : Encoding.UTF8.GetString([.. line]);
                case 1 when next[0] == (byte)'\n': return Encoding.UTF8.GetString([.. line]);
                case 1: line.Add(next[0]); break;
                case -Native.Interrupted or -Native.WouldBlock: break;
                default: throw new OutputClosedException();
            }
        }
    }
}
