using System.Text;
using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

/// <summary>What a process said and how it ended.</summary>
internal sealed record Ended(ProcessExit Exit, string Output, string Errors);

/// <summary>Real shells for tests.</summary>
internal static class Shells
{
    public static ProcessSpec Sh(string script, params string[] arguments) => new("/bin/sh", ["-c", script, "sh", .. arguments]);

    public static async Task<Ended> End(this ProcessLoop loop, ProcessSpec spec)
    {
        var output = new MemoryStream();
        var errors = new MemoryStream();
        var exit = await loop.Start(spec with { OnOutput = (stream, bytes) => (stream == OutputStream.Output ? output : errors).Write(bytes) }).Exit;
        return new(exit, Text(output), Text(errors));
    }

    public static Ended Run(ProcessSpec spec) => ProcessLoop.Run(loop => loop.End(spec));

    /// <summary>
    /// Writes a program into a folder and gives its path. A child writes it: a file that this process has open for writing while another
    /// test starts something can't be executed.
    /// </summary>
    public static string WriteProgram(this TemporaryFolder folder, string name, string text)
    {
        Run(Sh("printf %s \"$1\" > \"$2\"; chmod +x \"$2\"", text, folder[name]));
        return folder[name];
    }

    /// <summary>Whether a process lives; one that is dead but not reaped does not.</summary>
    public static bool Lives(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
}
