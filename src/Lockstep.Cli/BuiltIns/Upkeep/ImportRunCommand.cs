using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Bundles;

namespace Lockstep.Cli.BuiltIns.Upkeep;

/// <summary><c>lockstep import-run FILE</c>: a run that was exported elsewhere, among those of this machine.</summary>
internal sealed class ImportRunCommand() : BuiltIn("import-run", "Take a run that export wrote into this machine's history")
{
    private readonly Argument<string> _file = new("FILE") { Description = "The bundle" };

    public override string Usage => "FILE";

    public override IEnumerable<Argument> Arguments => [_file];

    public override int Run(Request request, Host host)
    {
        var file = Path.GetFullPath(request.Parsed.GetRequiredValue(_file), host.Settings.Directory);
        if (!File.Exists(file)) throw new CliException(new CliError(ExitCode.NotFound, $"there is no file {file}") { Use = "lockstep export RUN -o FILE" });
        var (run, added) = Import(file, host);
        if (!host.Settings.Json)
        {
            host.Screen.Out.WriteLine(run.Text);
            host.Note(added ? $"Imported {run}: lockstep show {run}" : $"{run} is in this history already, with the same plan and events.");
            return 0;
        }
        JsonOutput.Write(host.Screen.OutBytes, json =>
        {
            json.WriteStartObject();
            json.WriteString("run", run.Text);
            json.WriteBoolean("imported", added);
            json.WriteEndObject();
        });
        return 0;
    }

    private static (RunId Run, bool Added) Import(string file, Host host)
    {
        try
        {
            return RunBundle.Import(StoreFolder.Locate(host.Environment), file, host.Clock.GetUtcNow());
        }
        catch (JournalException problem) when (problem.Where == file)
        {
            throw new CliException(new CliError(ExitCode.Failed, "the bundle can't be imported") { Where = file, Why = problem.Why, Help = problem.Help });
        }
    }
}
