using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Sqlite.Bundles;

namespace Lockstep.Cli.BuiltIns.Upkeep;

/// <summary><c>lockstep export RUN</c>: one run in one file, to send to somebody.</summary>
internal sealed class ExportCommand() : BuiltIn("export", "Write a run to one file: its plan, events and logs, redacted as they are kept")
{
    private readonly Argument<string> _run = StoreAccess.RunArgument();
    private readonly Option<string> _output = new("--output", "-o") { HelpName = "FILE", Description = "Where to (RUN.lockstep.zip)" };

    public override string Usage => "[RUN]";

    public override IEnumerable<Argument> Arguments => [_run];

    public override IEnumerable<Option> Options => [_output];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep export last -o bug.zip", "the last run in one file"),
        ("lockstep show bug.zip", "what happened in it, on any machine"),
    ];

    public override int Run(Request request, Host host) => StoreAccess.ReadRun(host, request.Parsed.GetValue(_run), (history, run) =>
    {
        var file = Path.GetFullPath(request.Parsed.GetValue(_output) ?? $"{run.Id}.lockstep.zip", host.Settings.Directory);
        try
        {
            RunBundle.Write(history, run.Id, file, Product.Version, host.Clock.GetUtcNow());
        }
        catch (JournalException problem) when (problem.Where == file)
        {
            throw new CliException(new CliError(ExitCode.Failed, "the bundle can't be written") { Where = file, Why = problem.Why, Help = problem.Help });
        }
        var size = new FileInfo(file).Length;
        if (!host.Settings.Json)
        {
            host.Screen.Out.WriteLine(file);
            host.Note($"{Counts.Bytes(size)}; lockstep show FILE opens it anywhere.");
            return 0;
        }
        JsonOutput.Write(host.Screen.OutBytes, json =>
        {
            json.WriteStartObject();
            json.WriteString("run", run.Id.Text);
            json.WriteString("file", file);
            json.WriteNumber("bytes", size);
            json.WriteEndObject();
        });
        return 0;
    });
}
