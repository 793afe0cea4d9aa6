using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary>Finds the run that is meant and tells it what is asked; what stands against that becomes an error of the command line.</summary>
internal static class RunAccess
{
    public static RunRecord Find(Host host, string? name) => StoreAccess.Read(host, history => StoreAccess.Find(history, name, host));

    /// <summary>Who asks, as history shows it.</summary>
    public static string Asker(Host host) => host.Environment("USER") is { Length: > 0 } user ? user : "somebody";

    public static void Ask(Host host, RunRecord run, ControlRequest request) => StoreAccess.Write(() =>
    {
        try
        {
            ProjectAccess.Runs(host).Ask(run.Id, request);
        }
        catch (RunHasEndedException ended)
        {
            throw new CliException(new CliError(ExitCode.Refused, $"{run.Id} has ended") { Why = $"it ended as {StoreAccess.Word(ended.Status)}, with exit code {ended.ExitCode}", Use = $"lockstep show {run.Id}" });
        }
    });

    /// <summary>Says what was asked, and, where no process executes the run, what has to come next.</summary>
    public static int Told(Host host, RunRecord run, string what)
    {
        var executed = run.Status == RunStatus.Running;
        if (host.Settings.Json)
        {
            JsonOutput.Write(host.Screen.OutBytes, json =>
            {
                json.WriteStartObject();
                json.WriteString("run", run.Id.Text);
                json.WriteString("asked", what);
                json.WriteString("status", StoreAccess.Word(run.Status));
                json.WriteEndObject();
            });
        }
        else
        {
            host.Note(executed ? $"Asked {run.Id} to {what}." : $"Asked {run.Id} to {what}; no process executes it now: it does so when it is resumed (lockstep resume {run.Id})");
        }

        return 0;
    }
}
