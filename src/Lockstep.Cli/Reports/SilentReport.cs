using Lockstep.Plans;
using Lockstep.Processes;

namespace Lockstep.Cli.Reports;

/// <summary>Shows nothing: output is in the log.</summary>
internal sealed class SilentReport : RunReport
{
    public override void OnOutput(StepId step, OutputStream stream, ReadOnlySpan<byte> bytes) { }
}
