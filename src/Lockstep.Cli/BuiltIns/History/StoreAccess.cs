using System.CommandLine;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary>Opens history and finds runs in it; what goes wrong becomes an error of the command line.</summary>
internal static class StoreAccess
{
    public static Argument<string> RunArgument() => new("RUN") { Arity = ArgumentArity.ZeroOrOne, Description = "A run's id, a unique beginning of one, or last (the default)" };

    public static T Read<T>(Host host, Func<Sqlite.History, T> read)
    {
        try
        {
            using var history = Sqlite.History.Open(StoreFolder.Locate(host.Environment));
            return read(history);
        }
        catch (JournalException problem)
        {
            throw new CliException(problem.Where is null
                ? new CliError(ExitCode.Failed, problem.Message) { Help = "lockstep doctor checks the store" }
                : new CliError(ExitCode.Failed, "history can't be read") { Where = problem.Where, Why = problem.Why, Help = $"{problem.Help}; lockstep doctor checks it" });
        }
    }

    public static RunRecord Find(Sqlite.History history, string? name)
    {
        try
        {
            return history.Find(name ?? "last") ?? throw new CliException(new CliError(ExitCode.NotFound, name is null or "last" ? "there is no run yet" : $"there is no run '{name}'")
            {
                Use = name is null or "last" ? "lockstep NAME" : "lockstep runs",
            });
        }
        catch (JournalException several)
        {
            throw new CliException(new CliError(ExitCode.NotFound, several.Message) { Use = "lockstep runs" });
        }
    }

    public static string Word(RunStatus status) => status switch
    {
        RunStatus.Running => "running",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Failed => "failed",
        RunStatus.TimedOut => "timed-out",
        RunStatus.Cancelled => "cancelled",
        RunStatus.Refused => "refused",
        RunStatus.Crashed => "crashed",
        _ => throw new InvalidOperationException($"no word for {status}"),
    };
}
