using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary>What <c>pause</c>, <c>abort</c> and <c>approve</c> print with <c>--json</c>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Asked">What was asked, by the name of the command.</param>
/// <param name="Status">How the run stands now.</param>
internal sealed record ControlAnswer(RunId Run, string Asked, RunStatus Status)
{
    /// <summary>The step that is meant; null where it is the run as a whole.</summary>
    public StepId? Step { get; init; }

    /// <summary>The run's exit code; null while it has not ended.</summary>
    public int? ExitCode { get; init; }

    public void Write(Host host) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteString("run", Run.Text);
        json.WriteString("asked", Asked);
        json.Optional("step", Step?.Path);
        json.WriteString("status", StoreAccess.Word(Status));
        json.Optional("exit_code", ExitCode);
        json.WriteEndObject();
    });
}
