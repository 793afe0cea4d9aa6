using System.CommandLine;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Bundles;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>Opens history and finds runs in it; what goes wrong becomes an error of the command line.</summary>
internal static class StoreAccess
{
    public static Argument<string> RunArgument() => new("RUN") { Arity = ArgumentArity.ZeroOrOne, Description = "A run's id, a unique beginning of one, last, the newest of this project (the default), or a bundle's file" };

    public static T Read<T>(Host host, Func<Sqlite.History, T> read)
    {
        return Write(() =>
        {
            using var history = Sqlite.History.Open(StoreFolder.Locate(host.Environment));
            return read(history);
        });
    }

    /// <summary>Reads about one run: of the store, or of a bundle where the name is a file's.</summary>
    public static T ReadRun<T>(Host host, string? name, Func<Sqlite.History, RunRecord, T> read)
    {
        if (name is null || FileOf(host, name) is not { } file) return Read(host, history => read(history, Find(history, name, host)));
        return Write(() =>
        {
            var folder = Directory.CreateTempSubdirectory("lockstep-bundle-").FullName;
            try
            {
                var (run, _) = RunBundle.Import(folder, file, host.Clock.GetUtcNow());
                using var history = Sqlite.History.Open(folder);
                return read(history, history.Find(run.Text)!);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
    }

    private static string? FileOf(Host host, string name)
    {
        var path = Path.GetFullPath(name, host.Settings.Directory);
        return File.Exists(path) && RunBundle.Looks(path) ? path : null;
    }

    public static void Write(Action write) => Write(() =>
    {
        write();
        return 0;
    });

    public static T Write<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (JournalException problem)
        {
            throw new CliException(problem.Where is null
                ? new CliError(ExitCode.Failed, problem.Message) { Help = "lockstep doctor checks the store" }
                : new CliError(ExitCode.Failed, problem.Message.StartsWith("history", StringComparison.Ordinal) ? "history can't be read" : "the bundle can't be read") { Where = problem.Where, Why = problem.Why, Help = $"{problem.Help}; lockstep doctor checks it" });
        }
    }

    /// <summary>The run that is meant by a name; <c>last</c>, or none, means this project's, and the machine's where it has none.</summary>
    public static RunRecord Find(Sqlite.History history, string? name, Host host)
    {
        if (name is null or "last") return Last(history, host);
        try
        {
            return history.Find(name) ?? throw new CliException(new CliError(ExitCode.NotFound, $"there is no run '{name}'") { Use = "lockstep runs" });
        }
        catch (JournalException several) when (several.Where is null)
        {
            throw new CliException(new CliError(ExitCode.NotFound, several.Message) { Use = "lockstep runs" });
        }
    }

    private static RunRecord Last(Sqlite.History history, Host host)
    {
        var folder = ProjectAccess.Folder(host);
        if (history.Runs(new RunFilter { Limit = 1, Directory = folder }) is [var own]) return own;
        if (history.Runs(new RunFilter { Limit = 1 }) is not [var newest])
            throw new CliException(new CliError(ExitCode.NotFound, "there is no run yet") { Use = "lockstep NAME" });
        host.Note($"Nothing has run in {folder} yet; this is the newest run of the machine, in {newest.Directory}");
        return newest;
    }

    public static string Word(RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Paused => "paused",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Failed => "failed",
        RunStatus.TimedOut => "timed-out",
        RunStatus.Cancelled => "cancelled",
        RunStatus.Refused => "refused",
        RunStatus.Stopped => "stopped",
        RunStatus.Crashed => "crashed",
        _ => throw new InvalidOperationException($"no word for {status}"),
    };
}
