using System.ComponentModel;
using System.Diagnostics;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Configuration;
using Lockstep.Journal;
using Lockstep.Source;
using Lockstep.Sqlite;
using Lockstep.Workspaces;

namespace Lockstep.Cli.BuiltIns.Setup;

internal enum FindingStatus { Ok, Warning, Failure }

/// <summary>What one check came to.</summary>
internal sealed record Finding(string Name, FindingStatus Status, string Found, string? Mend = null);

/// <summary>Checks of what lockstep builds on.</summary>
internal sealed class DoctorChecks(Host host)
{
    public IReadOnlyList<Finding> All() => [Definitions(), Configured(), Shell(), Bash(), Git(), Store(), Limits(), TerminalKind()];

    private Finding Definitions()
    {
        const string Name = "definitions";
        try
        {
            var project = ProjectAccess.Open(host);
            var errors = project.Check().Count(diagnostic => diagnostic.Severity == Severity.Error);
            return errors == 0 ? new(Name, FindingStatus.Ok, project.File)
                : new(Name, FindingStatus.Failure, $"{project.File} has {errors} error{(errors == 1 ? "" : "s")}", "lockstep validate shows them");
        }
        catch (CliException error)
        {
            return new(Name, FindingStatus.Warning, error.Error.What, "lockstep init writes a file to start from");
        }
    }

    private Finding Configured()
    {
        const string Name = "configuration";
        var folder = ProjectAccess.Folder(host);
        var path = Path.Join(folder, ConfigurationFile.FileName);
        var (file, wrong) = ConfigurationFile.Check(folder);
        if (file is null) return new(Name, FindingStatus.Ok, $"there is no {ConfigurationFile.FileName}, and none is needed");
        if (wrong is [var first, ..])
        {
            var (line, column) = first.Source.PositionAt(first.Span.Start);
            return new(Name, FindingStatus.Failure, $"{path}:{line}:{column}: {first.Message}{(wrong.Length == 1 ? "" : $", and {wrong.Length - 1} more")}: no command runs with it", $"{first.Help}; lockstep validate shows all of it");
        }

        return file.Unset(host.Environment).FirstOrDefault() is { } variable
            ? new(Name, FindingStatus.Warning, $"{path} takes {variable} from the environment, where it is not set: that webhook is told of no run", $"export {variable}")
            : new(Name, FindingStatus.Ok, path);
    }

    private static Finding Shell() => Ask("sh", "-c", "echo works") is ["works"]
        ? new("sh", FindingStatus.Ok, "works")
        : new("sh", FindingStatus.Failure, "there is no working sh on PATH: commands can't be run", "install a POSIX shell, such as dash or bash, and put it on PATH");

    private static Finding Bash()
    {
        const string Name = "pipe failures";
        if (Ask("bash", "-c", "set -o pipefail && echo works") is ["works"]) return new(Name, FindingStatus.Ok, "bash tells when a part of a pipe fails");
        if (Ask("sh", "-c", "set -o pipefail && echo works") is ["works"]) return new(Name, FindingStatus.Ok, "sh tells when a part of a pipe fails");
        return new(Name, FindingStatus.Warning, "there is no bash and sh knows no pipefail: in a | b only a failure of b is seen", "install bash");
    }

    private static Finding Git() => Ask("git", "--version") is [var version, ..]
        ? new("git", FindingStatus.Ok, version.Replace("git version ", "", StringComparison.Ordinal))
        : new("git", FindingStatus.Warning, "there is no git on PATH: workflows over repositories can't be run, commands can", "install git");

    private Finding Store()
    {
        const string Name = "store";
        string folder;
        try
        {
            folder = StoreFolder.Locate(host.Environment);
        }
        catch (JournalException error)
        {
            return new(Name, FindingStatus.Failure, error.Message);
        }
        var probe = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
        try
        {
            PrivateFolder.Create(folder);
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return new(Name, FindingStatus.Failure, $"{folder} can't be written: runs work, their history is not kept", "make it writable, or name another folder with LOCKSTEP_HOME");
        }
        try
        {
            using var history = Sqlite.History.Open(folder);
            history.Runs(new RunFilter { Limit = 1 });
        }
        catch (JournalException error)
        {
            return new(Name, FindingStatus.Failure, error.Message, $"move {folder} aside: the next run begins a new one");
        }
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(folder) & Others) != 0)
            return new(Name, FindingStatus.Warning, $"{folder} can be entered by others: what runs printed and their arguments may be read", $"chmod 700 {folder}");
        return new(Name, FindingStatus.Ok, folder);
    }

    private Finding Limits()
    {
        var here = LimitSupport.Here(host);
        return here.Complete ? new("limits", FindingStatus.Ok, here.Sentence) : new("limits", FindingStatus.Warning, here.Sentence, LimitSupport.Mend);
    }

    private Finding TerminalKind()
    {
        const string Name = "terminal";
        if (!Screen.OutIsTerminal) return new(Name, FindingStatus.Ok, "standard output is no terminal: plain lines, no colour");
        var (columns, rows) = Native.Size(1) ?? (80, 24);
        var term = host.Environment("TERM");
        var looks = $"{term ?? "no TERM"}, {columns}×{rows}, {(host.Screen.OutStyle.Colour ? "colour" : "no colour")}, {(host.Screen.Unicode ? "Unicode" : "ASCII")}";
        return term is null or "" or "dumb"
            ? new(Name, FindingStatus.Warning, $"{looks}: runs are shown as plain lines", "set TERM to what your terminal is, such as xterm-256color")
            : new(Name, FindingStatus.Ok, looks);
    }

    /// <summary>What a program prints, line by line; null when it is missing or fails.</summary>
    private static string[]? Ask(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            _ = errors.Result;
            return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
