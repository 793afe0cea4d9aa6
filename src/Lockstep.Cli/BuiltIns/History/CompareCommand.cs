using System.CommandLine;
using System.Text.Json;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Journal.Answers;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Cli.BuiltIns.History;

/// <summary><c>lockstep compare RUN RUN</c>: how two runs ended, step by step, and which values they had.</summary>
internal sealed class CompareCommand() : BuiltIn("compare", "Set two runs side by side: how each step ended, how long it took, which values differ")
{
    private readonly Argument<string> _first = new("RUN") { Description = "A run's id, a unique beginning of one, or last" };
    private readonly Argument<string> _second = new("OTHER") { Description = "The run to set beside it" };

    public override string Usage => "RUN OTHER";

    public override string? Details => "The exit code is 0 when both ended in the same way with the same exit code, else 1.";

    public override IEnumerable<Argument> Arguments => [_first, _second];

    public override int Run(Request request, Host host) => StoreAccess.Read(host, history =>
    {
        var first = Side.Of(history, StoreAccess.Find(history, request.Parsed.GetValue(_first), host));
        var second = Side.Of(history, StoreAccess.Find(history, request.Parsed.GetValue(_second), host));
        if (host.Settings.Json) WriteJson(host, first, second);
        else Write(host, first, second);
        return AreEqual(first, second) ? ExitCode.Success : ExitCode.Failed;
    });

    private static bool AreEqual(Side first, Side second) => first.Run.Status == second.Run.Status && first.Run.ExitCode == second.Run.ExitCode;

    private static void Write(Host host, Side first, Side second)
    {
        var style = host.Screen.OutStyle;
        var output = host.Screen.Out;
        foreach (var side in new[] { first, second })
        {
            var end = side.Run.ExitCode is { } code ? $", exit code {code}" : "";
            var time = side.State.Ended is { } ended ? $", {Durations.Short(ended.Duration)}" : "";
            output.WriteLine($"{style.Bold(side.Run.Id.Text)}  {RunsCommand.Painted(side.Run.Status, style)}{end}{time}{(side.State.RootCause is { } cause ? $", because of {cause}" : "")}");
        }

        output.WriteLine();
        var rows = Steps(first, second);
        var widest = rows.Count == 0 ? 0 : Math.Min(60, rows.Max(step => TextWidth.Of(step.Path)));
        foreach (var step in rows)
        {
            var (one, two) = (first.Text(step), second.Text(step));
            var mark = first.Word(step) == second.Word(step) ? " " : style.Yellow("≠");
            output.WriteLine($"{mark} {step.Path}{new string(' ', Math.Max(0, widest - TextWidth.Of(step.Path)))}  {one,-20} {two,-20} {style.Dim(Difference(first, second, step))}".TrimEnd());
        }

        var values = Values(first, second);
        if (values.Count > 0) output.WriteLine($"\n{style.Bold("Values that differ")}");
        foreach (var (name, one, two) in values) output.WriteLine($"  {name}: {TextWidth.Brief(one ?? "none")} → {TextWidth.Brief(two ?? "none")}");
        output.WriteLine(AreEqual(first, second) ? "\nThey ended in the same way." : $"\n{style.Yellow("They ended differently.")}");
    }

    private static string Difference(Side first, Side second, StepId step)
    {
        if (first.Duration(step) is not { } one || second.Duration(step) is not { } two) return "";
        var change = two - one;
        return change.Duration() < TimeSpan.FromMilliseconds(1) ? "" : $"{(change < TimeSpan.Zero ? "-" : "+")}{Durations.Short(change.Duration())}";
    }

    /// <summary>The steps of both, in the order of the first, those that only the second has at the end.</summary>
    private static List<StepId> Steps(Side first, Side second) => [.. first.Order.Concat(second.Order).Distinct()];

    private static List<(string Name, string? First, string? Second)> Values(Side first, Side second)
    {
        var names = first.Values.Keys.Concat(second.Values.Keys).Distinct();
        return [.. names.Select(name => (name, first.Values.GetValueOrDefault(name), second.Values.GetValueOrDefault(name))).Where(one => one.Item2 != one.Item3)];
    }

    private static void WriteJson(Host host, Side first, Side second) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("equal", AreEqual(first, second));
        json.WriteStartArray("runs");
        foreach (var side in new[] { first, second })
        {
            json.WriteStartObject();
            RunsCommand.WriteMembers(json, side.Run);
            if (side.State.Ended is { } ended) json.Milliseconds("duration_ms", ended.Duration);
            json.Optional("root_cause", side.State.RootCause?.Path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (var step in Steps(first, second))
        {
            json.WriteStartObject();
            json.WriteString("step", step.Path);
            WriteSide(json, "first", first, step);
            WriteSide(json, "second", second, step);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("values");
        foreach (var (name, one, two) in Values(first, second))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.Optional("first", one);
            json.Optional("second", two);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteSide(Utf8JsonWriter json, string name, Side side, StepId step)
    {
        if (side.Word(step) is not { } word) return;
        json.WriteStartObject(name);
        json.WriteString("status", word);
        if (side.Duration(step) is { } duration) json.Milliseconds("duration_ms", duration);
        json.Optional("exit_code", side.State.Steps.GetValueOrDefault(step)?.ExitCode);
        json.WriteEndObject();
    }

    /// <summary>One of the two runs.</summary>
    private sealed record Side(RunRecord Run, RunState State, GroupStatuses Groups, IReadOnlyList<StepId> Order, IReadOnlyDictionary<string, string?> Values)
    {
        public static Side Of(Sqlite.History history, RunRecord run)
        {
            var events = history.Events(run.Id);
            var plan = ShowCommand.ReadPlan(history, run.Id);
            var state = RunState.Of(events);
            var values = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var value in new Why(plan, events).Run().Values) values.TryAdd(value.Name, value.Text);
            return new(run, state, new GroupStatuses(plan, events), [.. state.Steps.Values.OrderBy(step => step.FirstSequence).Select(step => step.Step)], values);
        }

        public string? Word(StepId step) => State.Steps.GetValueOrDefault(step) is { } known ? ShowCommand.Word(Groups.Of(known, State)) : null;

        public TimeSpan? Duration(StepId step) => State.Steps.GetValueOrDefault(step)?.Duration;

        public string Text(StepId step) => Word(step) is { } word ? $"{word}{(Duration(step) is { } time ? $" {Durations.Short(time)}" : "")}" : "-";
    }
}
