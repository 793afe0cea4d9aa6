using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Search;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary><c>lockstep runs</c>: the newest runs.</summary>
internal sealed class RunsCommand() : BuiltIn("runs", "List the newest runs")
{
    private const int WidestFolder = 40;
    private readonly Option<int> _limit = new("--limit", "-l") { HelpName = "N", Description = "How many at most (50)", DefaultValueFactory = _ => 50 };
    private readonly Option<string> _status = new("--status") { HelpName = "STATUS", Description = "running, paused, succeeded, failed, timed-out, cancelled, refused, stopped or crashed" };
    private readonly Option<string> _name = new("--name") { HelpName = "NAME", Description = "Only runs of this command" };
    private readonly Option<string> _since = new("--since") { HelpName = "WHEN", Description = "Only runs that started since then: an age such as 2h, or a date" };
    private readonly Option<string> _text = new("--text") { HelpName = "TEXT", Description = "Only runs whose output, commands or reasons hold this text, letter for letter" };
    private readonly Option<bool> _here = new("--here") { Description = "Only runs of this project" };

    private readonly Option<bool> _tree = new("--tree") { Description = "Each of them with all that was rerun from it, and what it was rerun from" };

    public override IEnumerable<Option> Options => [_limit, _status, _name, _since, _here, _text, _tree];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep runs --here --status failed", "what failed in this project"),
        ("lockstep runs --since 2h", "the last two hours, everywhere"),
        ("lockstep runs --here --tree", "what was rerun from what in this project"),
        ("lockstep runs --text 'no space left'", "where that was printed"),
        ("lockstep runs --since 2026-11-20T14:30", "since a time, in UTC"),
    ];

    public override int Run(Request request, Host host)
    {
        var limit = request.Parsed.GetValue(_limit);
        if (limit <= 0) throw CliException.Usage($"--limit is '{limit}', and a list has at least one run", use: "lockstep runs --limit 10");
        var filter = new RunFilter
        {
            Limit = limit,
            Status = Status(request.Parsed.GetValue(_status)),
            Command = request.Parsed.GetValue(_name),
            Since = Moments.Past("--since", request.Parsed.GetValue(_since), host.Clock.GetUtcNow(), "lockstep runs --since 24h"),
            Directory = request.Parsed.GetValue(_here) ? ProjectAccess.Folder(host) : null,
        };
        var text = request.Parsed.GetValue(_text);
        if (text is "") throw CliException.Usage("--text is empty, and every run holds that", use: "lockstep runs");
        var tree = request.Parsed.GetValue(_tree);
        var (found, runs) = StoreAccess.Read(host, history =>
        {
            var found = text is null ? new FoundText(history.Runs(filter), 0, null, Complete: true) : TextSearch.Of(history, text, filter);
            IReadOnlyList<RunInFamily> listed = tree ? RunFamilies.Of(history, found.Runs, host.Screen.Unicode) : [.. found.Runs.Select(run => new RunInFamily(run, 0, ""))];
            return (found, listed);
        });
        if (host.Settings.Json)
        {
            WriteJson(host, found, runs, tree, searched: text is not null);
            return 0;
        }
        Write(host, runs);
        if (text is not null) host.Note(Looked(found));
        return 0;
    }

    /// <summary>A run as a JSON object's members.</summary>
    public static void WriteMembers(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteString("run", run.Id.Text);
        json.WriteString("command", run.Command);
        json.WriteString("status", StoreAccess.Word(run.Status));
        json.Time("started_at", run.StartedAt);
        if (run.EndedAt is { } ended) json.Time("ended_at", ended);
        json.Optional("exit_code", run.ExitCode);
        json.WriteString("directory", run.Directory);
        json.WriteString("graph_hash", run.GraphHash);
        json.Optional("parent", run.Parent?.Text);
    }

    public static string Painted(RunStatus status, Style style, int width = 0)
    {
        var word = StoreAccess.Word(status).PadRight(width);
        return status switch
        {
            RunStatus.Succeeded or RunStatus.Stopped => style.Green(word),
            RunStatus.Running => style.Cyan(word),
            RunStatus.Paused => style.Yellow(word),
            RunStatus.Cancelled or RunStatus.Refused => style.Yellow(word),
            RunStatus.Failed or RunStatus.TimedOut or RunStatus.Crashed => style.Red(word),
            _ => throw new InvalidOperationException($"no colour for {status}"),
        };
    }

    private static void Write(Host host, IReadOnlyList<RunInFamily> runs)
    {
        if (runs.Count == 0)
        {
            host.Note("There are no such runs.");
            return;
        }
        var style = host.Screen.OutStyle;
        var widest = Math.Min(24, runs.Max(listed => TextWidth.Of(listed.Run.Command)));
        var deepest = runs.Max(listed => listed.Branch.Length);
        foreach (var (run, _, branch) in runs)
        {
            var time = (run.EndedAt ?? host.Clock.GetUtcNow()) - run.StartedAt;
            var name = TextWidth.Cut(run.Command, Math.Max(widest, 24));
            var tail = $"{run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}Z  {(run.Status == RunStatus.Crashed ? "" : Durations.Short(time)),7}";
            var line = $"{style.Dim(branch)}{run.Id}{new string(' ', deepest - branch.Length)}  {Painted(run.Status, style, 9)}  {name}{new string(' ', Math.Max(0, widest - TextWidth.Of(name)))}  {style.Dim(tail)}  {Shortened(run.Directory, host)}";
            host.Screen.Out.WriteLine(line.TrimEnd());
        }
    }

    /// <summary>A folder by its end, which tells more than its beginning.</summary>
    private static string Shortened(string folder, Host host)
    {
        if (host.Environment("HOME") is { Length: > 1 } home && (folder == home || folder.StartsWith(home + "/", StringComparison.Ordinal))) folder = $"~{folder[home.Length..]}";
        folder = TextWidth.Printable(folder);
        if (host.Settings.Verbosity == Verbosity.Verbose || TextWidth.Of(folder) <= WidestFolder) return folder;
        while (TextWidth.Of(folder) > WidestFolder - 2)
        {
            var next = folder.IndexOf('/', 1);
            if (next < 0) return TextWidth.Cut(folder, WidestFolder);
            folder = folder[next..];
        }
        return $"{(host.Screen.Unicode ? "…" : "..")}{folder}";
    }

    private static string Looked(FoundText found)
    {
        var far = found.BackTo is { } oldest ? $", back to {oldest.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}Z" : "";
        return $"Looked at {Counts.Of(found.Looked, "run")}{far}{(found.Complete ? "." : "; there are older ones: give --name, --since or --here to look at fewer.")}";
    }

    private static void WriteJson(Host host, FoundText found, IReadOnlyList<RunInFamily> runs, bool tree, bool searched) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("runs");
        foreach (var (run, depth, _) in runs)
        {
            json.WriteStartObject();
            WriteMembers(json, run);
            if (tree)
            {
                json.WriteNumber("depth", depth);
                if (run.ForkedAfter is { } after) json.WriteNumber("forked_after", after);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (searched)
        {
            json.WriteStartObject("searched");
            json.WriteNumber("runs", found.Looked);
            if (found.BackTo is { } oldest) json.Time("back_to", oldest);
            json.WriteBoolean("complete", found.Complete);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private static RunStatus? Status(string? word)
    {
        if (word is null) return null;
        foreach (var status in Enum.GetValues<RunStatus>())
            if (StoreAccess.Word(status) == word) return status;
        string[] words = [.. Enum.GetValues<RunStatus>().Select(StoreAccess.Word)];
        throw CliException.Usage($"--status is '{word}', which no run has", help: $"a run is {string.Join(", ", words[..^1])} or {words[^1]}");
    }
}
