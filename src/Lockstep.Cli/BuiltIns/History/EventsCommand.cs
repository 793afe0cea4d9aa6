using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Source;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary><c>lockstep events RUN</c>: all that happened, with the reasons.</summary>
internal sealed class EventsCommand() : BuiltIn("events", "Print all that happened in a run, with the reasons")
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);
    private readonly Argument<string> _run = StoreAccess.RunArgument();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on as more happens, until the run ends; with --json a line for each event" };

    public override string Usage => "[RUN]";

    public override IEnumerable<Argument> Arguments => [_run];

    public override IEnumerable<Option> Options => [_follow];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep events", "the newest run's"),
        ("lockstep events last -f --json", "each as a line of JSON, as it happens"),
    ];

    public override int Run(Request request, Host host) => StoreAccess.ReadRun(host, request.Parsed.GetValue(_run), (history, run) =>
    {
        if (request.Parsed.GetValue(_follow)) return Follow(history, run.Id, host);
        var events = history.Events(run.Id);
        if (host.Settings.Json) WriteJson(host, run.Id, events);
        else foreach (var happened in events) WriteLine(host, happened);
        return 0;
    });

    private static int Follow(Sqlite.History history, RunId run, Host host)
    {
        var last = 0L;
        while (true)
        {
            // Asked first, so that nothing can come between the last events and the end.
            var goesOn = history.Find(run.Text)!.Status == RunStatus.Running;
            foreach (var happened in history.Events(run, after: last))
            {
                last = happened.Sequence;
                if (host.Settings.Json) host.Screen.OutBytes.Write([.. EventJson.ToUtf8(run, happened), (byte)'\n']);
                else WriteLine(host, happened);
            }
            host.Screen.Flush();
            if (!goesOn) return 0;
            Thread.Sleep(_pollInterval);
        }
    }

    private static void WriteJson(Host host, RunId run, IReadOnlyList<RunEvent> events) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteString("run", run.Text);
        json.WriteStartArray("events");
        foreach (var happened in events) Write(json, happened);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The journal's own form, with times, durations and attempts as every other document has them.</summary>
    private static void Write(Utf8JsonWriter json, RunEvent happened)
    {
        using var kept = JsonDocument.Parse(EventJson.ToUtf8(happened));
        json.WriteStartObject();
        foreach (var member in kept.RootElement.EnumerateObject())
        {
            if (member.NameEquals("at")) json.Time(member.Name, happened.At);
            else if (member.NameEquals("due")) json.Time(member.Name, member.Value.GetDateTimeOffset());
            else if (member.Name.EndsWith("_ms", StringComparison.Ordinal)) json.Milliseconds(member.Name, TimeSpan.FromMilliseconds(member.Value.GetDouble()));
            else if (!member.NameEquals("attempt") || member.Value.GetString() is { Length: > 0 }) member.WriteTo(json);
        }
        json.WriteEndObject();
    }

    private static void WriteLine(Host host, RunEvent happened)
    {
        var style = host.Screen.OutStyle;
        var time = happened.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var (word, what) = Told(happened);
        var about = happened is StepEvent step ? $"{step.Step}{(step.Attempt.Length > 0 ? $" (attempt {step.Attempt})" : "")}" : "";
        host.Screen.Out.WriteLine($"{style.Dim(time)} {style.Cyan($"{word,-10}")} {about}{(about.Length > 0 && what.Length > 0 ? "  " : "")}{(host.Settings.Verbosity == Verbosity.Verbose ? TextWidth.Printable(what) : TextWidth.Brief(what))}".TrimEnd());
    }

    /// <summary>An event in a word and a sentence.</summary>
    public static (string Word, string What) Told(RunEvent happened) => happened switch
    {
        RunStarted e => ("run", $"{string.Join(' ', [e.Command, .. e.Arguments ?? []])} in {e.Directory}, plan {e.GraphHash}, process {e.ProcessId}, lockstep {e.ToolVersion}"),
        RunEnded e => ("end", $"{OutcomeWord.Of(e.Outcome)} after {Durations.Short(e.Duration)}, exit code {e.ExitCode}{After(e.Reason)}"),
        StepStarted e => ("start", $"$ {e.Text}"),
        StepEnded e => ("ended", $"{OutcomeWord.Of(e.Outcome)} after {Durations.Short(e.Duration)}{After(e.Reason)}"),
        StepSkipped e => ("skipped", e.Reason),
        StepRetried e => ("retry", $"attempt {e.Failed} of {e.Attempts} failed: {e.Error}; the next at {e.Due.UtcDateTime:HH:mm:ss.fff}"),
        StepRestarted e => ("restart", $"round {e.Round}: {e.Reason}"),
        ConditionEvaluated e => ("condition", e.Reason),
        ValueWasResolved e => ("value", $"{e.Name} = {e.Text ?? RedactedText.Mark}"),
        SlotWaited e => ("wait", $"waits for a free slot: {e.Limit} allows {e.Slots}{(e.Holder is null ? "" : $", held by {e.Holder}")}"),
        LockWaited e => ("lock", $"waits for {e.Name}{(e.Holder is null ? "" : $", held by {e.Holder}")}"),
        BranchesWaited e => ("limit", $"{e.Waiting} {(e.Waiting == 1 ? "branch waits" : "branches wait")}: {e.Reason}"),
        LockTaken e => ("lock", $"holds {e.Name} after {Durations.Short(e.Waited)}"),
        CacheMissed e => ("cache", $"{e.Reason}{string.Concat((e.Warnings ?? []).Select(warning => $"; {warning}"))}"),
        ConfirmationAnswered e => ("confirm", $"{(e.Granted ? "granted" : "denied")} by {e.By}"),
        RunResumed e => ("resume", $"{e.Reason}; process {e.ProcessId}, lockstep {e.ToolVersion}"),
        RunForked e => ("fork", $"of {e.Parent} after its event {e.After}, from {e.From}{(e.Changes is { Count: > 0 } ? $", with {string.Join(", ", e.Changes)}" : "")}; process {e.ProcessId}, lockstep {e.ToolVersion}"),
        PauseAsked e => ("pausing", $"asked by {e.By}{After(e.Reason)}"),
        RunPaused e => ("pause", $"{e.Reason}{(e.Until is { } until ? $"; may go on at {until.UtcDateTime:HH:mm:ss}" : "")}"),
        CheckpointCreated e => ("checkpoint", $"{e.Label}, made by {e.By}"),
        OnceCalled e => ("call", $"{e.Command} runs once a run, and here"),
        LockReleased e => ("lock", $"gave {e.Name} back after {Durations.Short(e.Held)}"),
        TimerStarted e => ("timer", $"{Durations.Short(e.Duration)} from now on"),
        EffectChecked e => ("effect", $"{e.Reason} ({e.By})"),
        RunInterrupted e => (e.Stop ? "stop" : "interrupt", $"{e.Signal}{(e.Immediately ? ", at once" : "")}"),
        _ => throw new InvalidOperationException($"no words for the event {happened.GetType().Name}"),
    };

    private static string After(string? reason) => reason is null ? "" : $": {reason}";
}
