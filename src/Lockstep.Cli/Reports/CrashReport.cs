using System.Runtime.InteropServices;
using System.Text;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;

namespace Lockstep.Cli.Reports;

/// <summary>An error in lockstep itself: one paragraph for the user, and a file with what is needed to mend it.</summary>
internal static class CrashReport
{
    public static int Write(Exception error, Screen screen, bool json, string[] arguments, Func<string, string?> environment, TimeProvider clock)
    {
        var file = Save(error, arguments, environment, clock);
        var report = new CliError(ExitCode.Internal, "lockstep itself failed; this is a defect of the program, not of your definitions")
        {
            Why = $"{error.GetType().Name}: {error.Message}",
            Help = file is null
                ? "please report it with the line above; no report file could be written"
                : $"please report it with the file {file}; it holds the command line and where the program stood, no variables and no output",
        };
        return ErrorReport.Write(report, screen, json);
    }

    /// <summary>Writes the report file; its path, null when none could be written.</summary>
    public static string? Save(Exception error, string[] arguments, Func<string, string?> environment, TimeProvider clock)
    {
        try
        {
            var folder = Path.Combine(StoreFolder.Locate(environment), "crashes");
            Directory.CreateDirectory(folder);
            var now = clock.GetUtcNow();
            var file = Path.Combine(folder, $"crash-{now:yyyyMMdd-HHmmss}-{Environment.ProcessId}.txt");
            File.WriteAllText(file, $"""
                lockstep {Product.Version}
                {now:O}
                {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}
                arguments: {string.Join(' ', arguments.Select(argument => $"'{argument}'"))}

                {error}

                """, new UTF8Encoding(false));
            return file;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException or JournalException)
        {
            return null;
        }
    }
}
