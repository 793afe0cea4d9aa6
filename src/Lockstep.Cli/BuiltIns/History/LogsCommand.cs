using System.CommandLine;
using System.Text;
using System.Text.Json;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary><c>lockstep logs RUN [STEP]</c>: what steps printed.</summary>
internal sealed class LogsCommand() : BuiltIn("logs", "Print what the steps of a run printed")
{
    private const int MostJsonBytes = 1 << 20;
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);
    private readonly Argument<string> _run = StoreAccess.RunArgument();
    private readonly Argument<string> _step = new("STEP") { Arity = ArgumentArity.ZeroOrOne, Description = "A step's id, or the end of one; all steps by default" };
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on as the run prints more, until it ends" };

    public override string Usage => "[RUN [STEP]]";

    public override IEnumerable<Argument> Arguments => [_run, _step];

    public override IEnumerable<Option> Options => [_follow];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep logs", "the newest run's, all steps"),
        ("lockstep logs last test -f", "one step's, as it goes"),
    ];

    public override int Run(Request request, Host host)
    {
        var follow = request.Parsed.GetValue(_follow);
        if (follow && host.Settings.Json) throw CliException.Usage("--json flag conflicts with --follow", use: $"lockstep logs {request.Parsed.GetValue(_run) ?? "last"} --json");
        return StoreAccess.Read(host, history => Print(history, request, follow, host));
    }

    private int Print(Sqlite.History history, Request request, bool follow, Host host)
    {
        var run = StoreAccess.Find(history, request.Parsed.GetValue(_run), host);
        var step = FindStep(history, run.Id, request.Parsed.GetValue(_step));
        if (follow) return Follow(history, run.Id, step, host);
        var logs = history.Logs(run.Id, step);
        if (host.Settings.Json) WriteJson(host, run.Id, logs);
        else foreach (var log in logs) Copy(host, log, 0, heading: logs.Count > 1);
        return 0;
    }

    private static StepId? FindStep(Sqlite.History history, RunId run, string? name)
    {
        if (name is null) return null;
        var steps = history.Events(run).OfType<StepEvent>().Select(about => about.Step).Distinct().ToList();
        if (steps.Contains(new StepId(name))) return new StepId(name);
        var found = steps.Where(step => step.Path.EndsWith("/" + name, StringComparison.Ordinal)).ToList();
        if (found.Count == 0) found = [.. steps.Where(step => $"/{step.Path}/".Contains($"/{name}/", StringComparison.Ordinal))];
        return found switch
        {
            [var only] => only,
            [] => throw new CliException(new CliError(ExitCode.NotFound, $"no step '{name}' has started in {run}") { Use = $"lockstep show {run}" }),
            _ => throw new CliException(new CliError(ExitCode.NotFound, $"'{name}' may be {string.Join(", ", found.Take(5))}{(found.Count > 5 ? ", …" : "")}") { Use = $"lockstep logs {run} {found[0]}" }),
        };
    }

    private static int Follow(Sqlite.History history, RunId run, StepId? step, Host host)
    {
        var read = new Dictionary<string, long>(StringComparer.Ordinal);
        string? last = null;
        while (true)
        {
            var ended = history.Find(run.Text)!.Status != RunStatus.Running;
            foreach (var log in history.Logs(run, step))
            {
                var from = read.GetValueOrDefault(log.Path);
                var length = new FileInfo(log.Path).Length;
                if (length <= from) continue;
                read[log.Path] = from + Copy(host, log, from, heading: step is null && last != log.Path);
                last = log.Path;
            }
            if (ended) return 0;
            Thread.Sleep(_pollInterval);
        }
    }

    private static long Copy(Host host, StepLog log, long from, bool heading)
    {
        if (heading)
        {
            var style = host.Screen.OutStyle;
            host.Screen.Out.WriteLine(style.Dim($"==> {log.Step}{(log.Attempt.Length > 0 ? $" (attempt {log.Attempt})" : "")} <=="));
            host.Screen.Out.Flush();
        }
        using var file = log.Open();
        file.Seek(from, SeekOrigin.Begin);
        file.CopyTo(host.Screen.OutBytes);
        return file.Position - from;
    }

    private static void WriteJson(Host host, RunId run, IReadOnlyList<StepLog> logs) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteString("run", run.Text);
        json.WriteStartArray("logs");
        foreach (var log in logs)
        {
            json.WriteStartObject();
            json.WriteString("step", log.Step.Path);
            if (log.Attempt.Length > 0) json.WriteString("attempt", log.Attempt);
            WriteText(json, log);
            json.WriteEndObject();
            json.Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>A log's text, of a long one the end; cut between two characters.</summary>
    private static void WriteText(Utf8JsonWriter json, StepLog log)
    {
        using var file = log.Open();
        var cut = file.Length > MostJsonBytes;
        if (cut) file.Seek(-MostJsonBytes, SeekOrigin.End);
        var bytes = new byte[Math.Min(file.Length, MostJsonBytes)];
        var text = bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (cut) while (text is [>= 0x80 and < 0xC0, ..]) text = text[1..];
        json.WriteString("text", Encoding.UTF8.GetString(text));
        if (cut) json.WriteBoolean("truncated", true);
    }
}
