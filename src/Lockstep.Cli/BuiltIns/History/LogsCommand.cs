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
        return StoreAccess.ReadRun(host, request.Parsed.GetValue(_run), (history, run) => Print(history, run, request, follow, host));
    }

    private int Print(Sqlite.History history, RunRecord run, Request request, bool follow, Host host)
    {
        var step = FindStep(history, run.Id, request.Parsed.GetValue(_step));
        if (follow) return Follow(history, run.Id, step, host);
        var logs = history.Logs(run.Id, step);
        if (host.Settings.Json) WriteJson(host, run.Id, logs);
        else
        {
            var midLine = false;
            var read = 0L;
            foreach (var log in logs) read += Copy(host, log, 0, heading: logs.Count > 1, ref midLine);
            if (read == 0) host.Note($"{step?.Path ?? run.Id.Text} {(run.Status == RunStatus.Running ? "has printed nothing yet" : "printed nothing")}.");
        }

        return 0;
    }

    private static StepId? FindStep(Sqlite.History history, RunId run, string? name)
    {
        if (name is null) return null;
        return StepAccess.Find(history.Events(run).OfType<StepEvent>().Select(about => about.Step), name, run)
            ?? throw new CliException(new CliError(ExitCode.NotFound, $"no step '{name}' has started in {run}") { Use = $"lockstep show {run}" });
    }

    private static int Follow(Sqlite.History history, RunId run, StepId? step, Host host)
    {
        var open = new List<FollowedLog>();
        var last = 0L;
        StepLog? shown = null;
        var midLine = false;
        while (true)
        {
            var ended = history.Find(run.Text)!.Status != RunStatus.Running;
            foreach (var happened in history.Events(run, after: last))
            {
                last = happened.Sequence;
                if (happened is StepStarted or StepEnded && happened is StepEvent about && (step is null || about.Step == step)) Take(about);
            }
            foreach (var followed in open)
            {
                followed.Log ??= history.LogOf(run, followed.Step, followed.Attempt);
                if (followed.Log is not { } log || new FileInfo(log.Path).Length <= followed.Read) continue;
                followed.Read += Copy(host, log, followed.Read, heading: step is null && shown != log, ref midLine);
                shown = log;
            }
            if (ended) return 0;

            // What a step printed is in its log before its end is in the journal.
            open.RemoveAll(followed => followed.Ended);
            Thread.Sleep(_pollInterval);
        }

        void Take(StepEvent about)
        {
            var followed = open.Find(one => one.Step == about.Step && one.Attempt == about.Attempt);
            if (followed is null) open.Add(followed = new FollowedLog(about.Step, about.Attempt));
            followed.Ended = about is StepEnded;
        }
    }

    /// <summary>A log whose step has not ended, and how much of it was shown.</summary>
    private sealed class FollowedLog(StepId step, string attempt)
    {
        public StepId Step => step;

        public string Attempt => attempt;

        public StepLog? Log { get; set; }

        public long Read { get; set; }

        public bool Ended { get; set; }
    }

    private static long Copy(Host host, StepLog log, long from, bool heading, ref bool midLine)
    {
        if (heading)
        {
            var style = host.Screen.OutStyle;
            if (midLine) host.Screen.Out.WriteLine();
            host.Screen.Out.WriteLine(style.Dim($"==> {log.Step}{(log.Attempt.Length > 0 ? $" (attempt {log.Attempt})" : "")} <=="));
            host.Screen.Out.Flush();
        }
        using var file = log.Open();
        file.Seek(from, SeekOrigin.Begin);
        file.CopyTo(host.Screen.OutBytes);
        var read = file.Position - from;
        if (read == 0) return 0;
        file.Seek(-1, SeekOrigin.Current);
        midLine = file.ReadByte() != '\n';
        return read;
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
