using System.CommandLine;
using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep approve RUN [STEP]</c>: the answer that a run stands still for.</summary>
internal sealed class ApproveCommand() : BuiltIn("approve", "Answer for a step that may happen only once, so that its run can go on")
{
    private readonly Argument<string> _run = RunAccess.RunArgument();
    private readonly Argument<string> _step = new("STEP") { Arity = ArgumentArity.ZeroOrOne, Description = "The step's id, or the end of one; the one that waits for an answer when left out" };
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
        var run = RunAccess.Find(host, request.Parsed.GetValue(_run), Name);
        if (run.EndedAt is not null) throw RunAccess.Ended(run.Id, run.Status, run.ExitCode ?? ExitCode.Internal);
        var step = OpenQuestions.Of(host, run).Find(request.Parsed.GetValue(_step));
        RunAccess.Ask(host, run, new ApproveRequest(step, done, RunAccess.Asker(host), request.Parsed.GetValue(_reason)));
        return RunAccess.Told(host, run, new ControlAnswer(run.Id, Name, run.Status) { Step = step }, done ? $"take {step} as done" : $"run {step}");
    }
}
