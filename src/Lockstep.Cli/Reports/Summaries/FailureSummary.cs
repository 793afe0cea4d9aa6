using Lockstep.Cli.Options;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>Tells at the end of a run that did not succeed what failed, where it stands, and how to look closer; the root cause last.</summary>
internal static class FailureSummary
{
    private const int Lines = 10;

    /// <param name="host">Where to print.</param>
    /// <param name="plan">The plan that ran.</param>
    /// <param name="log">What it did.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="shown">The step whose output already stands right above, so that it is not repeated.</param>
    public static void Write(Host host, Plan plan, RunLog log, RunResult result, StepId? shown)
    {
        var output = host.Screen.Error;
        var style = host.Screen.ErrorStyle;
        var end = result.End;
        var failures = log.Failures(end);
        var steps = failures.Count == 0 ? [] : Nodes(plan, failures);

        for (var i = 0; i < failures.Count; i++)
        {
            var failure = failures[i];
            var node = steps.GetValueOrDefault(failure.Step);
            var isRoot = failures.Count > 1 && failure.Step == end.RootCause;
            output.WriteLine($"{style.Red("✗")} {style.Bold(failure.Step.Path)}{(node?.Place is { } place ? style.Dim($" ({place})") : "")}{(isRoot ? style.Red(" root cause") : "")}");
            if (failure.Text.Length > 0) output.WriteLine($"  {style.Dim("$")} {Shown(host, failure.Text)}");
            if (failure.Step != shown && failure.Tail is { IsEmpty: false } tail) WriteTail(output, style, tail);
            var details = string.Join(", ", Details(log, failure));
            output.WriteLine($"  {style.Red(Shown(host, failure.End!.Reason ?? "failed"))}{(details.Length > 0 ? $" ({details})" : "")}");
        }

        output.WriteLine(Headline(plan, style, end, failures));
        if (result.HistoryLost is null) WriteNext(output, style, plan, result.Run, failures);
    }

    /// <summary>How a run ended, in one line.</summary>
    public static string Headline(Plan plan, Style style, RunEnded end, IReadOnlyList<LeafRecord> failures)
    {
        var (word, reason) = end.Outcome switch
        {
            Outcome.Succeeded => ("succeeded", null),
            Outcome.Failed when failures.Count > 1 => ("failed", $"{failures.Count} steps failed"),
            Outcome.Failed => ("failed", failures.Count == 1 ? null : end.Reason),
            Outcome.TimedOut => ("timed out", null),
            Outcome.Cancelled or Outcome.Stopped => ($"was {TextWidth.Brief(end.Reason ?? "cancelled")}", null),
            Outcome.Refused => ("was refused", end.Reason),
            _ => throw new InvalidOperationException($"no word for the outcome {end.Outcome}"),
        };
        var well = end.Outcome is Outcome.Succeeded or Outcome.Stopped;
        var mark = well ? style.Green("✓") : style.BoldRed("Error:");
        return $"{mark} {plan.Command} {word} after {Durations.Short(end.Duration)}{(reason is null ? "" : $": {TextWidth.Brief(reason)}")}"
            + (well ? "" : $" (exit code {end.ExitCode})");
    }

    private static void WriteTail(TextWriter output, Style style, OutputTail tail)
    {
        var lines = tail.LastLines(Lines + 1);
        if (lines.Count > Lines || tail.Cut) output.WriteLine($"  {style.Dim("…")}");
        foreach (var line in lines.TakeLast(Lines)) output.WriteLine($"  {style.Dim("|")} {TextWidth.Cut(line, TextWidth.Longest)}");
    }

    private static string Shown(Host host, string text) => host.Settings.Verbosity == Verbosity.Verbose ? TextWidth.Printable(text) : TextWidth.Brief(text);

    private static IEnumerable<string> Details(RunLog log, LeafRecord failure)
    {
        if (failure.Failed) yield return $"after {Durations.Short(failure.End!.Duration)}";
        var attempts = log.Leaves.Count(leaf => leaf.Step == failure.Step);
        if (attempts > 1) yield return $"attempt {attempts}";
    }

    private static void WriteNext(TextWriter output, Style style, Plan plan, RunId run, List<LeafRecord> failures)
    {
        var several = plan.Steps().Skip(1).Any(step => step.Children.IsEmpty && step.Id != (failures is [var only] ? only.Step : default));
        var log = several && failures is [.., { End.OutputBytes: > 0 } last] ? $"; its output: lockstep logs {run} {last.Step}" : "";
        output.WriteLine($"{style.Cyan("Look closer:")} lockstep show {run}{log}");
    }

    private static Dictionary<StepId, PlanNode> Nodes(Plan plan, List<LeafRecord> failures)
    {
        var wanted = failures.Select(failure => failure.Step).ToHashSet();
        return plan.Steps().Where(step => wanted.Contains(step.Id)).ToDictionary(step => step.Id);
    }
}
