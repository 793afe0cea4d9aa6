using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary>Finds the run that is meant and tells it what is asked; what stands against that becomes an error of the command line.</summary>
internal static class RunAccess
{
    public static readonly RunStatus[] Open = [RunStatus.Running, RunStatus.Paused, RunStatus.Crashed];

    public static Argument<string> RunArgument() => new("RUN")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "A run's id, a unique beginning of one, or last, the newest of this project that has not ended (the default)",
    };

    /// <summary>The run that is meant by a name; <c>last</c>, or none, means this project's newest that has not ended, and never another project's.</summary>
    /// <param name="host">Where it is asked.</param>
    /// <param name="name">The name; null for none.</param>
    /// <param name="command">What is asked for, as it is typed.</param>
    public static RunRecord Find(Host host, string? name, string command) => StoreAccess.Read(host, history =>
    {
        if (name is not (null or "last")) return StoreAccess.Find(history, name, host);
        var folder = ProjectAccess.Folder(host);
        return Newest(history, folder) ?? throw new CliException(new CliError(ExitCode.NotFound, $"no run of {folder} is unfinished")
        {
            Why = Newest(history, null) is { } other ? $"the newest unfinished run of this machine is {other.Id}, {other.Command} in {other.Directory}" : null,
            Use = "lockstep runs",
            Help = $"lockstep {command} RUN names one of any project",
        });
    });

    /// <summary>Who asks, as history shows it: the user's name on this machine.</summary>
    public static string Asker(Host host)
        => Environment.UserName is { Length: > 0 } known ? known : host.Environment("USER") is { Length: > 0 } user ? user : "somebody";

    public static void Ask(Host host, RunRecord run, ControlRequest request) => StoreAccess.Write(() =>
    {
        try
        {
            ProjectAccess.Runs(host).Ask(run.Id, request);
        }
        catch (RunHasEndedException ended)
        {
            throw Ended(run.Id, ended.Status, ended.ExitCode);
        }
    });

    public static CliException Ended(RunId run, RunStatus status, int exitCode)
        => new(new CliError(ExitCode.Refused, $"{run} has ended") { Why = $"it ended as {StoreAccess.Word(status)}, with exit code {exitCode}", Use = $"lockstep show {run}" });

    /// <summary>Says what was asked, and, where no process executes the run, what has to come next.</summary>
    public static int Told(Host host, RunRecord run, ControlAnswer answer, string what)
    {
        var executed = run.Status == RunStatus.Running;
        if (host.Settings.Json) answer.Write(host);
        else host.Note(executed ? $"Asked {run.Id} to {what}." : $"Asked {run.Id} to {what}; no process executes it now: it does so when it is resumed (lockstep resume {run.Id})");
        return 0;
    }

    private static RunRecord? Newest(Sqlite.History history, string? folder)
        => Open.SelectMany(status => history.Runs(new RunFilter { Limit = 1, Directory = folder, Status = status })).MaxBy(run => run.StartedAt);
}
