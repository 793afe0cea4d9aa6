using System.CommandLine;
using System.Globalization;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Tree;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary><c>lockstep show RUN</c>: one run, as its events tell it.</summary>
internal sealed class ShowCommand() : BuiltIn("show", "Show a run: its tree, how each step ended, and why")
{
    private readonly Argument<string> _run = StoreAccess.RunArgument();

    public override string Usage => "[RUN]";

    public override IEnumerable<Argument> Arguments => [_run];

    public override int Run(Request request, Host host) => StoreAccess.ReadRun(host, request.Parsed.GetValue(_run), (history, run) =>
    {
        var plan = ReadPlan(history, run.Id);
        if (plan is not null && run.Status == RunStatus.Running && !host.Settings.Json && LiveTree.Suits(host)) run = new LiveShow(history, plan, host).Follow(run);
        var events = history.Events(run.Id);
        var forks = history.ForksOf(run.Id);
        if (host.Settings.Json) WriteJson(host, run, forks, events, plan);
        else Write(host, run, forks, events, plan);
        return 0;
    });

    public static Plan? ReadPlan(Sqlite.History history, RunId run)
    {
        try
        {
            return PlanJson.Read(history.Plan(run));
        }
        catch (PlanFormatException)
        {
            return null;
        }
    }

    private static void Write(Host host, RunRecord run, IReadOnlyList<RunRecord> forks, IReadOnlyList<RunEvent> events, Plan? plan)
    {
        var style = host.Screen.OutStyle;
        var output = host.Screen.Out;
        var state = Journal.RunState.Of(events);
        var asked = state.Started is { Arguments.Count: > 0 } started ? $" {string.Join(' ', started.Arguments)}" : "";
        var end = run.EndedAt ?? (run.Status == RunStatus.Running ? host.Clock.GetUtcNow() : run.StartedAt);
        output.WriteLine($"{style.Bold(run.Id.Text)}  {RunsCommand.Painted(run.Status, style)}{(run.ExitCode is { } code and not 0 ? $" (exit code {code})" : "")}");
        output.WriteLine($"{style.Dim("command:")} {run.Command}{TextWidth.Brief(asked)}");
        output.WriteLine($"{style.Dim("started:")} {run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}Z{(run.Status == RunStatus.Crashed ? "" : $", {Durations.Short(state.Ended?.Duration ?? end - run.StartedAt)}")}");
        output.WriteLine($"{style.Dim("in:")} {run.Directory}");
        output.WriteLine($"{style.Dim("plan:")} {run.GraphHash}");
        if (state.Forked is { } fork) output.WriteLine($"{style.Dim("rerun of:")} {fork.Parent} from {TextWidth.Brief(fork.From)}{(fork.Changes is { Count: > 0 } changes ? $", with {TextWidth.Brief(string.Join(", ", changes))}" : "")}");
        if (forks.Count > 0) output.WriteLine($"{style.Dim("reruns:")} {string.Join(", ", forks.Select(child => child.Id.Text))}");
        if (state.Ended?.Reason is { } reason) output.WriteLine($"{style.Dim("reason:")} {TextWidth.Brief(reason)}");
        if (state.RootCause is { } cause) output.WriteLine($"{style.Dim("root cause:")} {style.Red(cause.Path)}");
        output.WriteLine();
        if (plan is null)
        {
            output.WriteLine("Its plan can't be read by this release; lockstep events shows what happened.");
            return;
        }

        var states = new RowStates(new PlanRows(plan, host.Screen.Unicode));
        foreach (var happened in events) states.Apply(happened);
        var columns = Screen.OutIsTerminal ? Math.Max(20, Screen.Columns) : int.MaxValue / 4;
        output.WriteLine(style.Bold($"{plan.Command}:"));
        foreach (var line in new TreeFrame(states, new FrameOptions(columns, int.MaxValue, style, host.Screen.Unicode, host.Clock.GetUtcNow())).Draw()) output.WriteLine(line);
        if (state.RootCause is { } failed && state.Steps.GetValueOrDefault(failed) is { OutputBytes: > 0 }) output.WriteLine($"\n{style.Cyan("Look closer:")} lockstep logs {run.Id} {failed}");
    }

    private static void WriteJson(Host host, RunRecord run, IReadOnlyList<RunRecord> forks, IReadOnlyList<RunEvent> events, Plan? plan) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        var state = Journal.RunState.Of(events);
        json.WriteStartObject();
        RunsCommand.WriteMembers(json, run);
        if (state.Ended is { } ended) json.Milliseconds("duration_ms", ended.Duration);
        json.Optional("reason", state.Ended?.Reason);
        json.Optional("root_cause", state.RootCause?.Path);
        json.Optional("forked_from", state.Forked?.From);
        if (state.Forked is { } fork)
        {
            json.WriteStartArray("changes");
            foreach (var change in fork.Changes ?? []) json.WriteStringValue(change);
            json.WriteEndArray();
        }
        json.WriteStartArray("forks");
        foreach (var child in forks) json.WriteStringValue(child.Id.Text);
        json.WriteEndArray();
        json.WriteStartArray("arguments");
        foreach (var argument in state.Started?.Arguments ?? []) json.WriteStringValue(argument);
        json.WriteEndArray();
        json.WriteStartArray("steps");
        var groups = new GroupStatuses(plan, events);
        foreach (var step in state.Steps.Values.OrderBy(step => step.FirstSequence))
        {
            json.WriteStartObject();
            json.WriteString("step", step.Step.Path);
            json.WriteString("status", Word(groups.Of(step, state)));
            if (step.Attempt.Length > 0) json.WriteString("attempt", step.Attempt);
            json.WriteNumber("attempts", step.Attempts);
            json.Optional("text", step.Text);
            if (step.StartedAt is { } started) json.Time("started_at", started);
            if (step.Duration is { } duration) json.Milliseconds("duration_ms", duration);
            json.Optional("exit_code", step.ExitCode);
            json.Optional("reason", step.Reason);
            json.WriteNumber("output_bytes", step.OutputBytes);
            json.WriteEndObject();
        }
        foreach (var (step, status, reason) in groups.Silent(state))
        {
            json.WriteStartObject();
            json.WriteString("step", step.Path);
            json.WriteString("status", status);
            json.WriteNumber("attempts", 0);
            json.Optional("reason", reason);
            json.WriteNumber("output_bytes", 0);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static string Word(StepStatus status) => status switch
    {
        StepStatus.Running => "running",
        StepStatus.Waiting => "waiting",
        StepStatus.Succeeded => "succeeded",
        StepStatus.Failed => "failed",
        StepStatus.TimedOut => "timed-out",
        StepStatus.Cancelled => "cancelled",
        StepStatus.Refused => "refused",
        StepStatus.Skipped => "skipped",
        _ => throw new InvalidOperationException($"no word for {status}"),
    };
}
