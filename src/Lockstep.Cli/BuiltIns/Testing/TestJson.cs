using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Simulation;

namespace Lockstep.Cli.BuiltIns.Testing;

/// <summary>A simulated run as <c>lockstep test NAME --json</c> prints it.</summary>
internal static class TestJson
{
    public static void Write(Stream output, Plan plan, SimulatedRun run, CrashFindings? crashes) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("command", plan.Command);
        json.WriteString("outcome", OutcomeWord.Of(run.End.Outcome));
        json.WriteNumber("exit_code", run.End.ExitCode);
        json.Milliseconds("duration_ms", run.End.Duration);
        json.Optional("root_cause", run.End.RootCause?.Path);
        json.Optional("reason", run.End.Reason);
        json.WriteStartArray("steps");
        foreach (var ended in run.Events)
        {
            if (ended is not (StepEnded or StepSkipped)) continue;
            var step = (StepEvent)ended;
            json.WriteStartObject();
            json.WriteString("step", step.Step.Path);
            if (step.Attempt.Length > 0) json.WriteString("attempt", step.Attempt);
            json.WriteString("status", step is StepEnded { Outcome: var outcome } ? OutcomeWord.Of(outcome) : "skipped");
            json.Optional("exit_code", (step as StepEnded)?.ExitCode);
            json.Optional("reason", step is StepEnded end ? end.Reason : ((StepSkipped)step).Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (crashes is not null)
        {
            json.WriteStartObject("crashes");
            json.WriteNumber("points", crashes.Points.Length);
            json.WriteNumber("recoveries", crashes.Runs - crashes.Points.Length);
            json.WriteNumber("differences", crashes.Differences);
            json.WriteNumber("asked", crashes.Asked);
            json.WriteStartArray("different");
            foreach (var point in crashes.Points.Where(point => point.Differences.Length > 0))
            {
                json.WriteStartObject();
                json.WriteString("crash", point.Fault.ToString());
                json.WriteString("where", point.Where);
                json.WriteStartArray("differences");
                foreach (var difference in point.Differences) json.WriteStringValue(difference);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });
}
