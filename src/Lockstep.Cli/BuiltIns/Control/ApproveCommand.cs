using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep approve RUN [STEP]</c>: the answer that a run stands still for.</summary>
internal sealed class ApproveCommand() : BuiltIn("approve", "Answer for a step that may happen only once, so that its run can go on")
{
    private readonly Argument<string> _run = StoreAccess.RunArgument();
    private readonly Argument<string> _step = new("STEP") { Arity = ArgumentArity.ZeroOrOne, Description = "The step; the one that the run stands still for when left out" };
    private readonly Option<bool> _done = new("--done") { Description = "It has happened: it counts as completed" };
    private readonly Option<bool> _again = new("--again") { Description = "It has not happened: it runs" };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for its history", HelpName = "TEXT" };

    public override string Usage => "[RUN] [STEP] --done|--again";

    public override IEnumerable<Argument> Arguments => [_run, _step];

    public override IEnumerable<Option> Options => [_done, _again, _reason];

    public override int Run(Request request, Host host)
    {
        var (done, again) = (request.Parsed.GetValue(_done), request.Parsed.GetValue(_again));
        if (done == again) throw CliException.Usage("approve needs either --done or --again", help: "--done: the step has happened and counts as completed; --again: it has not and runs");
        var run = RunAccess.Find(host, request.Parsed.GetValue(_run));
        var step = request.Parsed.GetValue(_step) is { } named ? new StepId(named) : Waiting(host, run.Id);
        RunAccess.Ask(host, run, new ApproveRequest(step, done, RunAccess.Asker(host), request.Parsed.GetValue(_reason)));
        return RunAccess.Told(host, run, done ? $"take {step} as done" : $"run {step}");
    }

    private static StepId Waiting(Host host, RunId run)
        => StoreAccess.Read(host, history => RunState.Of(history.Events(run)).Paused?.Step)
            ?? throw new CliException(new CliError(ExitCode.Refused, $"{run} waits for no answer") { Use = $"lockstep show {run}" });
}
