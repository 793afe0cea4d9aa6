using System.Text;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Processes;

namespace Lockstep.Cli.Reports;

/// <summary>Shows a run in GitHub Actions: a group for each step, an annotation for each failure, and a table in the job's summary.</summary>
/// <remarks>Groups can't overlap, so the output of steps that run beside each other is held until each ends.</remarks>
internal sealed class GitHubReport(Host host, Plan plan, StepLabels labels, RunLog log, bool outputToError) : RunReport
{
    private const int HeldBytes = 4 * 1024 * 1024;
    private const int MostColumns = 200;
    private readonly Stream _out = outputToError ? host.Screen.ErrorBytes : host.Screen.OutBytes;
    private readonly Dictionary<StepId, OutputTail> _held = [];
    private readonly Dictionary<StepId, string> _texts = [];
    private StepId? _open;
    private bool _midLine;

    public override void OnEvent(RunEvent happened)
    {
        switch (happened)
        {
            case StepStarted started:
                _texts[started.Step] = started.Text;
                if (labels.Of(started.Step) is null) Open(started.Step);
                else _held[started.Step] = new OutputTail(HeldBytes);
                break;
            case StepEnded ended:
                if (_held.Remove(ended.Step, out var output))
                {
                    Open(ended.Step);
                    if (output.Cut) Line($"… the last {HeldBytes / (1024 * 1024)} MiB of {output.Total / (1024 * 1024)} MiB");
                    Pass(output.Bytes);
                }
                Close();
                break;
        }
    }

    public override void OnOutput(StepId step, OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        if (_held.TryGetValue(step, out var held)) held.Add(bytes);
        else Pass(bytes);
    }

    public override void Finish(RunResult result)
    {
        Close();
        if (result.Paused is { } paused)
        {
            Line($"::notice title={Property(plan.Command)}::{Value(TextWidth.Brief($"paused: {paused.Reason}"))}");
            return;
        }

        if (result.End.Outcome is not (Outcome.Succeeded or Outcome.Cancelled or Outcome.Stopped))
        {
            var failures = log.Failures(result.End);
            var places = plan.Steps().Where(step => step.Place is not null).GroupBy(step => step.Id).ToDictionary(same => same.Key, same => same.First().Place!.Value);
            foreach (var failure in failures)
            {
                var where = places.TryGetValue(failure.Step, out var place) ? $"file={Property(InWorkspace(place.File))},line={place.Line},col={place.Column}," : "";
                Line($"::error {where}title={Property(failure.Step.Path)}::{Value(TextWidth.Brief(failure.End!.Reason ?? "failed"))}");
            }
            if (failures.Count == 0) Line($"::error title={Property(plan.Command)}::{Value(TextWidth.Brief(result.End.Reason ?? "failed"))}");
        }
        if (host.Environment("GITHUB_STEP_SUMMARY") is { Length: > 0 } file) Summarize(file, result);
    }

    /// <summary>A file as GitHub looks for it: from the root of what was checked out.</summary>
    private string InWorkspace(string file)
    {
        if (host.Environment("GITHUB_WORKSPACE") is not { Length: > 0 } root) return file;
        var path = Path.GetRelativePath(root, Path.GetFullPath(file, host.Settings.Directory));
        return path.StartsWith("..", StringComparison.Ordinal) ? file : path;
    }

    private void Open(StepId step)
    {
        if (_open is not null) Close();
        _open = step;
        var text = TextWidth.Brief(_texts[step]);
        Line($"::group::{Value(labels.Of(step) is { } label ? $"{label}: {text}" : text)}");
    }

    private void Close()
    {
        if (_open is null) return;
        _open = null;
        Line("::endgroup::");
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _out.Write(bytes);
        if (!bytes.IsEmpty) _midLine = bytes[^1] != '\n';
    }

    /// <summary>A line of ours, which GitHub reads as such only where a line begins.</summary>
    private void Line(string text)
    {
        _out.Write(Encoding.UTF8.GetBytes($"{(_midLine ? "\n" : "")}{text}\n"));
        _midLine = false;
    }

    private void Summarize(string file, RunResult result)
    {
        var table = new StringBuilder();
        table.Append($"### {(result.End.Outcome is Outcome.Succeeded or Outcome.Stopped ? "✅" : "❌")} `{plan.Command}` {Durations.Short(result.End.Duration)}\n\n");
        table.Append("| | step | command | attempts | time |\n|---|---|---|---:|---:|\n");
        var well = result.End.Outcome is Outcome.Succeeded or Outcome.Stopped;
        IEnumerable<IReadOnlyList<LeafRecord>> steps = log.EndedBy(plan, result.End) is { } reason ? [.. log.Steps, [reason with { Text = reason.End!.Reason ?? "failed" }]] : log.Steps;
        foreach (var attempts in steps)
        {
            var leaf = attempts[^1];
            if (leaf.End is not { } end) continue;

            // In a run that ended well, a failure was made good.
            var mark = end.Outcome == Outcome.Succeeded ? "✅" : well ? "⚠️" : "❌";
            var time = Durations.OfAttempt(end.Duration, end.At - attempts[0].StartedAt, attempts.Count);
            table.Append($"| {mark} | {Cell(leaf.Step.Path)} | {Cell(leaf.Text)} | {attempts.Count} | {time} |\n");
        }
        foreach (var skipped in log.Skipped) table.Append($"| ⏭️ | {Cell(skipped.Step.Path)} | {Cell(skipped.Reason)} | | |\n");
        if (!well && result.End.Reason is { } why) table.Append($"\n{OutcomeWord.Of(result.End.Outcome)}: {Cell(why)}\n");
        table.Append($"\nRun `{result.Run}`, exit code {result.End.ExitCode}.\n\n");
        try
        {
            File.AppendAllText(file, table.ToString());
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Line($"::warning::the job's summary was not written: {Value(file)} can't be appended to");
        }
    }

    private static string Cell(string text)
    {
        var shown = TextWidth.Cut(TextWidth.Brief(text), MostColumns);
        return $"<code>{shown.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("|", "&#124;", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal)}</code>";
    }

    private static string Value(string text)
        => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text)
        => Value(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
