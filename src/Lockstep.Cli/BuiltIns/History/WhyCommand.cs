using System.CommandLine;
using System.Globalization;
using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Journal.Answers;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary><c>lockstep why RUN [STEP]</c>: the reasons that a run's events carry.</summary>
internal sealed class WhyCommand() : BuiltIn("why", "Say why a run, or a step of it, went as it did")
{
    private readonly Argument<string> _run = StoreAccess.RunArgument();
    private readonly Argument<string> _step = new("STEP") { Arity = ArgumentArity.ZeroOrOne, Description = "A step's id, or the end of one; the run as a whole by default" };

    public override string Usage => "[RUN [STEP]]";

    public override IEnumerable<Argument> Arguments => [_run, _step];

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep why", "how the newest run ended, and each decision on the way"),
        ("lockstep why last deploy/3", "why this step ran, waited, was skipped or took long"),
    ];

    public override int Run(Request request, Host host) => StoreAccess.Read(host, history =>
    {
        var run = StoreAccess.Find(history, request.Parsed.GetValue(_run), host);
        var events = history.Events(run.Id);
        var plan = ShowCommand.ReadPlan(history, run.Id);
        var why = new Why(plan, events);
        var step = request.Parsed.GetValue(_step) is { } name ? Step(plan, events, name, run.Id) : (StepId?)null;
        var explanation = step is { } one ? why.Step(one) : why.Run();
        if (host.Settings.Json) WriteJson(host, run, step, explanation);
        else Write(host, run, step, explanation);
        return 0;
    });

    private static StepId Step(Plan? plan, IReadOnlyList<RunEvent> events, string name, RunId run)
        => StepAccess.Find(plan?.Steps().Select(step => step.Id) ?? events.OfType<StepEvent>().Select(about => about.Step), name, run)
            ?? throw new CliException(new CliError(ExitCode.NotFound, $"{run} has no step '{name}'") { Use = $"lockstep show {run}" });

    private static void Write(Host host, RunRecord run, StepId? step, Explanation explanation)
    {
        var style = host.Screen.OutStyle;
        var output = host.Screen.Out;
        output.WriteLine($"{style.Bold(step?.Path ?? run.Command)}{(step is null ? "" : " of")} {run.Id}  {RunsCommand.Painted(run.Status, style)}");
        foreach (var answer in explanation.Answers)
        {
            var other = answer.Step is { } about && about != step ? $"{about}: " : "";
            var attempt = answer.Attempt.Length > 0 ? $"attempt {answer.Attempt}: " : "";
            var took = answer.Took is { } time ? style.Dim($" ({Durations.Short(time)})") : "";
            output.WriteLine($"  {style.Dim(answer.At.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture))} {style.Cyan($"{answer.About,-11}")} {Shown(host, other + attempt + answer.Text)}{took}");
        }

        if (explanation.Values.Count > 0) output.WriteLine(style.Bold("Values"));
        foreach (var value in explanation.Values)
            output.WriteLine($"  {value.Name}{(value.Text is null ? "" : $" = {Shown(host, value.Text)}")}  {style.Dim(value.From)}");
        if (explanation.Time.Count > 0) output.WriteLine(style.Bold("Where the time went"));
        foreach (var share in explanation.Time) output.WriteLine($"  {Durations.Short(share.Time),7}  {TextWidth.Brief(share.What)}");
    }

    private static string Shown(Host host, string text) => host.Settings.Verbosity == Verbosity.Verbose ? TextWidth.Printable(text) : TextWidth.Brief(text);

    private static void WriteJson(Host host, RunRecord run, StepId? step, Explanation explanation) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteString("run", run.Id.Text);
        json.Optional("step", step?.Path);
        json.WriteString("status", StoreAccess.Word(run.Status));
        json.WriteStartArray("answers");
        foreach (var answer in explanation.Answers)
        {
            json.WriteStartObject();
            json.WriteNumber("event", answer.Event);
            json.Time("at", answer.At);
            json.Optional("step", answer.Step?.Path);
            if (answer.Attempt.Length > 0) json.WriteString("attempt", answer.Attempt);
            json.WriteString("about", answer.About);
            json.WriteString("text", answer.Text);
            if (answer.Took is { } time) json.Milliseconds("took_ms", time);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("values");
        foreach (var value in explanation.Values)
        {
            json.WriteStartObject();
            json.WriteString("name", value.Name);
            json.Optional("text", value.Text);
            json.WriteString("from", value.From);
            if (value.Event is { } number) json.WriteNumber("event", number);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("time");
        foreach (var share in explanation.Time)
        {
            json.WriteStartObject();
            json.WriteString("what", share.What);
            json.Milliseconds("duration_ms", share.Time);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
