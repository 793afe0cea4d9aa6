using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Lockstep.Cli.BuiltIns;
using Lockstep.Cli.BuiltIns.Running;
using Lockstep.Cli.Options;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Workspaces;

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
                : $"please report it with the file {file}; it holds the command line without the values that the command got, and where the program stood; no variables and no output",
        };
        return ErrorReport.Write(report, screen, json);
    }

    /// <summary>Writes the report file; its path, null when none could be written.</summary>
    public static string? Save(Exception error, string[] arguments, Func<string, string?> environment, TimeProvider clock)
    {
        try
        {
            var folder = Path.Combine(StoreFolder.Locate(environment), "crashes");
            PrivateFolder.Create(folder);
            var now = clock.GetUtcNow();
            var file = Path.Combine(folder, $"crash-{now:yyyyMMdd-HHmmss}-{Environment.ProcessId}.txt");
            using var written = new StreamWriter(file, new UTF8Encoding(false), Private());
            written.Write($"""
                lockstep {Product.Version}
                {now:O}
                {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}
                arguments: {string.Join(' ', Redacted(arguments).Select(argument => $"'{argument}'"))}

                {error}

                """);
            return file;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException or JournalException)
        {
            return null;
        }
    }

    private static FileStreamOptions Private()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>The command line without what a command of the file gets, because that may be secret; names of parameters stay.</summary>
    private static string[] Redacted(string[] arguments)
    {
        const string Omitted = "<omitted>";
        var invocation = Invocation.Of(arguments, BuiltInList.Has, () => BuiltInList.WithFlags(new RunCommand()));
        if (invocation.BuiltIn is null || BuiltInList.Find(invocation.BuiltIn) is not { NamesCommand: true } builtIn) return arguments;
        var command = new Command(builtIn.Name);
        new GlobalOptions().AddTo(command, builtIn.Options);
        var named = NamedCommand.Of(invocation.Rest, command);
        var end = named.Arguments.ToList().IndexOf("--");
        return [.. invocation.Leading, builtIn.Name, .. named.Own, .. named.Name is { } name ? [name] : Array.Empty<string>(), .. named.Arguments.Select(Without)];

        string Without(string argument, int index) => argument switch
        {
            "--" => argument,
            ['-', '-', ..] when end < 0 || index < end => argument.IndexOf('=') is > 0 and var equals ? $"{argument[..equals]}={Omitted}" : argument,
            _ => Omitted,
        };
    }
}
