using System.Text.Json;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>A run that has just ended, as <c>lockstep run NAME --json</c> prints it.</summary>
internal static class RunJson
{
    public static void Write(Stream output, Plan plan, RunLog log, RunResult result) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("run", result.Run.Text);
        json.WriteString("command", plan.Command);
        json.WriteString("outcome", result.Paused is null ? OutcomeWord.Of(result.End.Outcome) : "paused");
        json.WriteNumber("exit_code", result.ExitCode);
        if (result.Paused is null) json.Milliseconds("duration_ms", result.End.Duration);
        json.Optional("root_cause", result.Paused is null ? result.End.RootCause?.Path : null);
        json.Optional("reason", result.Paused is null ? result.End.Reason : result.Paused.Reason);
        json.Optional("waits_for", result.Paused?.Step?.Path);
        json.Optional("history_lost", result.HistoryLost);
        json.WriteStartArray("steps");
        foreach (var leaf in log.Leaves)
        {
            json.WriteStartObject();
            json.WriteString("step", leaf.Step.Path);
            if (leaf.Attempt.Length > 0) json.WriteString("attempt", leaf.Attempt);
            if (leaf.Text.Length > 0) json.WriteString("text", leaf.Text);
            if (leaf.End is { } ended)
            {
                json.WriteString("outcome", OutcomeWord.Of(ended.Outcome));
                json.Optional("exit_code", ended.ExitCode);
                json.Milliseconds("duration_ms", ended.Duration);
                json.Optional("reason", ended.Reason);
                json.WriteNumber("output_bytes", ended.OutputBytes);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("skipped");
        foreach (var skipped in log.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("step", skipped.Step.Path);
            json.WriteString("reason", skipped.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
