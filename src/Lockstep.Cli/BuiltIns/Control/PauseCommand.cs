using System.CommandLine;
using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep pause RUN</c>: the gate before the next step closes.</summary>
internal sealed class PauseCommand() : BuiltIn("pause", "Pause a run: steps that run come to their end, no other starts")
{
    private readonly Argument<string> _run = RunAccess.RunArgument();
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for its history", HelpName = "TEXT" };

    public override string Usage => "[RUN]";

    public override IEnumerable<Argument> Arguments => [_run];

    public override IEnumerable<Option> Options => [_reason];

    public override int Run(Request request, Host host)
    {
        var run = RunAccess.Find(host, request.Parsed.GetValue(_run), Name);
        if (run.Status is RunStatus.Paused or RunStatus.Crashed)
        {
            throw new CliException(new CliError(ExitCode.Refused, $"{run.Id} is not running")
            {
                Why = run.Status == RunStatus.Paused ? "it is paused already" : "the process that executed it is gone",
                Use = $"lockstep resume {run.Id}",
            });
        }

        RunAccess.Ask(host, run, new PauseRequest(RunAccess.Asker(host), request.Parsed.GetValue(_reason)));
        return RunAccess.Told(host, run, new ControlAnswer(run.Id, Name, run.Status), "pause");
    }
}
