using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep checkpoint RUN LABEL</c>: names where the run stands now.</summary>
internal sealed class CheckpointCommand() : BuiltIn("checkpoint", "Name where a run stands now, to rerun it from there")
{
    private readonly Argument<string> _run = new("RUN") { Description = "A run's id, a unique beginning of one, or last" };
    private readonly Argument<string> _label = new("LABEL") { Description = "The name" };

    public override string Usage => "RUN LABEL";

    public override IEnumerable<Argument> Arguments => [_run, _label];

    public override int Run(Request request, Host host)
    {
        var run = StoreAccess.Read(host, history => StoreAccess.Find(history, request.Parsed.GetValue(_run), host));
        var label = request.Parsed.GetValue(_label)!;
        if (label.Trim().Length == 0) throw CliException.Usage("a checkpoint needs a name", use: $"lockstep checkpoint {run.Id} tested");
        if (run.Status is not (RunStatus.Running or RunStatus.Paused or RunStatus.Crashed))
        {
            throw new CliException(new CliError(ExitCode.Refused, $"{run.Id} has ended")
            {
                Why = "a checkpoint is where a run stands, and this one stands nowhere any more",
                Help = $"name a step instead: `lockstep rerun {run.Id} --from STEP` goes on from any that was run",
            });
        }

        RunAccess.Ask(host, run, new CheckpointRequest(label, RunAccess.Asker(host)));
        return RunAccess.Told(host, run, new ControlAnswer(run.Id, Name, run.Status), $"make the checkpoint {label}");
    }
}
