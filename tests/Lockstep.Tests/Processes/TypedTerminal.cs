using System.Text;
using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

/// <summary>A terminal, by <c>script</c>, on which a test types.</summary>
internal static class TypedTerminal
{
    /// <summary>
    /// What a terminal showed on which a command ran. Each keys are typed once the terminal has shown, since the keys before, what is awaited;
    /// with the first, a line can be read from GO too.
    /// </summary>
    public static string Show(string command, params (string Awaited, string Keys)[] typing) => ProcessLoop.Run(async loop =>
    {
        using var folder = new TemporaryFolder();
        var inner = folder.Write("inner", command.Replace("GO", $"'{folder["go"]}'", StringComparison.Ordinal));
        await loop.End(Shells.Sh("mkfifo \"$1\" \"$2\"", folder["keys"], folder["go"]));

        // Opened for both, so that neither side waits for the other.
        using var keyboard = new FileStream(folder["keys"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        using var go = new FileStream(folder["go"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var shown = new StringBuilder();
        var (typed, from) = (0, 0);
        await loop.Start(Shells.Sh("exec script -qec \"sh '$2'\" /dev/null <\"$1\"", folder["keys"], inner) with
        {
            Environment = EnvironmentBlock.OfThisProcess().With("SHELL", "/bin/sh"),
            OnOutput = (_, bytes) =>
            {
                shown.Append(Encoding.UTF8.GetString(bytes));
                if (typed == typing.Length || !shown.ToString(from, shown.Length - from).Contains(typing[typed].Awaited, StringComparison.Ordinal)) return;
                from = shown.Length;
                if (typed == 0) go.Write("\n"u8);
                keyboard.Write(Encoding.UTF8.GetBytes(typing[typed++].Keys));
            },
        }).Exit;
        return shown.ToString();
    });
}
