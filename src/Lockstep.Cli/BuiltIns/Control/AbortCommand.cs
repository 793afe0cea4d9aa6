using System.CommandLine;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep abort RUN</c>: its steps are ended and its <c>finally</c> blocks run, in whatever process.</summary>
internal sealed class AbortCommand() : BuiltIn("abort", "End a run: its steps are ended, its finally blocks run")
{
    private readonly Argument<string> _run = RunAccess.RunArgument();
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for its history", HelpName = "TEXT" };
    private readonly Option<bool> _now = new("--now") { Description = "End finally blocks too" };

    public override string Usage => "[RUN]";

    public override IEnumerable<Argument> Arguments => [_run];

    public override IEnumerable<Option> Options => [_reason, _now];

    public override int Run(Request request, Host host)
    {
        var run = RunAccess.Find(host, request.Parsed.GetValue(_run), Name);
        var reason = request.Parsed.GetValue(_reason);
        var by = $"{RunAccess.Asker(host)} with lockstep abort{(reason is null ? "" : $" ({reason})")}";
        RunAccess.Ask(host, run, new InterruptRequest(by, request.Parsed.GetValue(_now)));
        if (run.Status == RunStatus.Running) return RunAccess.Told(host, run, new ControlAnswer(run.Id, Name, run.Status), "end");

        // Nobody executes it: we do, and what has ended stays ended.
        var exitCode = ResumeCommand.GoOn(host, run.Id, GivenValues.None with { MayLack = true }, aborts: true);
        return exitCode == Execution.ExitCode.Interrupted ? 0 : exitCode;
    }
}
