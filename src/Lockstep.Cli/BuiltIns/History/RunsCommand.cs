using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Source;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary><c>lockstep runs</c>: the newest runs.</summary>
internal sealed class RunsCommand() : BuiltIn("runs", "List the newest runs")
{
    private readonly Option<int> _limit = new("--limit", "-l") { HelpName = "N", Description = "How many at most (50)", DefaultValueFactory = _ => 50 };
    private readonly Option<string> _status = new("--status") { HelpName = "STATUS", Description = "running, succeeded, failed, timed-out, cancelled, refused or crashed" };
    private readonly Option<string> _command = new("--command") { HelpName = "NAME", Description = "Only runs of this command" };
    private readonly Option<string> _since = new("--since") { HelpName = "AGE", Description = "Only runs younger than this, such as 24h" };

    public override IEnumerable<Option> Options => [_limit, _status, _command, _since];

    public override int Run(Request request, Host host)
    {
        var filter = new RunFilter
        {
            Limit = request.Parsed.GetValue(_limit),
            Status = Status(request.Parsed.GetValue(_status)),
            Command = request.Parsed.GetValue(_command),
            Since = Since(request.Parsed.GetValue(_since), host.Clock.GetUtcNow()),
        };
        var runs = StoreAccess.Read(host, history => history.Runs(filter));
        if (host.Settings.Json) WriteJson(host, runs);
        else Write(host, runs);
        return 0;
    }

    /// <summary>A run as a JSON object's members.</summary>
    public static void WriteMembers(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteString("run", run.Id.Text);
        json.WriteString("command", run.Command);
        json.WriteString("status", StoreAccess.Word(run.Status));
        json.WriteString("started_at", run.StartedAt.UtcDateTime);
        if (run.EndedAt is { } ended) json.WriteString("ended_at", ended.UtcDateTime);
        json.Optional("exit_code", run.ExitCode);
        json.WriteString("directory", run.Directory);
        json.WriteString("graph_hash", run.GraphHash);
    }

    public static string Painted(RunStatus status, Style style, int width = 0)
    {
        var word = StoreAccess.Word(status).PadRight(width);
        return status switch
        {
            RunStatus.Succeeded => style.Green(word),
            RunStatus.Running => style.Cyan(word),
            RunStatus.Cancelled or RunStatus.Refused => style.Yellow(word),
            RunStatus.Failed or RunStatus.TimedOut or RunStatus.Crashed => style.Red(word),
            _ => throw new InvalidOperationException($"no colour for {status}"),
        };
    }

    private static void Write(Host host, IReadOnlyList<RunRecord> runs)
    {
        if (runs.Count == 0)
        {
            host.Note("There are no such runs.");
            return;
        }
        var style = host.Screen.OutStyle;
        var widest = Math.Min(24, runs.Max(run => run.Command.Length));
        foreach (var run in runs)
        {
            var time = (run.EndedAt ?? host.Clock.GetUtcNow()) - run.StartedAt;
            var tail = $"{run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}Z  {(run.Status == RunStatus.Crashed ? "" : Durations.Short(time)),7}";
            host.Screen.Out.WriteLine($"{run.Id}  {Painted(run.Status, style, 9)}  {run.Command.PadRight(widest)}  {style.Dim(tail)}".TrimEnd());
        }
    }

    private static void WriteJson(Host host, IReadOnlyList<RunRecord> runs) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("runs");
        foreach (var run in runs)
        {
            json.WriteStartObject();
            WriteMembers(json, run);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static RunStatus? Status(string? word)
    {
        if (word is null) return null;
        foreach (var status in Enum.GetValues<RunStatus>())
            if (StoreAccess.Word(status) == word) return status;
        throw CliException.Usage($"no run has the status '{word}'", use: "lockstep runs --status failed");
    }

    private static DateTimeOffset? Since(string? age, DateTimeOffset now)
    {
        if (age is null) return null;
        var days = age.EndsWith('d') && int.TryParse(age.AsSpan(0, age.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        if (days > 0) return now.AddDays(-Math.Min(days, 100_000));
        return HumanDuration.TryParse(age, out var duration) ? now - duration
            : throw CliException.Usage($"'{age}' is no age; ages are written like 90s, 15m, 24h or 7d", use: "lockstep runs --since 24h");
    }
}
