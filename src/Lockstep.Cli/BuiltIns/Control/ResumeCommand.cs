using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.BuiltIns.Running;
using Lockstep.Cli.Reports;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep resume RUN</c>: goes on with a paused or crashed run where it stands, with the plan it began with.</summary>
internal sealed class ResumeCommand() : BuiltIn("resume", "Go on with a run that is paused or whose process is gone")
{
    private readonly Argument<string> _run = StoreAccess.RunArgument();
    private readonly GivenValueOptions _values = new("A sensitive parameter again, as it is not kept", "A sensitive variable again, as it is not kept");
    private readonly Option<string> _events = EventLines.Option();

    public override string Usage => "[RUN]";

    public override IEnumerable<Option> Options => [.. _values.All, _events];

    public override IEnumerable<Argument> Arguments => [_run];

    public override int Run(Request request, Host host)
    {
        var events = EventTarget.Of(request.Parsed.GetValue(_events), host, "lockstep resume");
        var run = RunAccess.Find(host, request.Parsed.GetValue(_run)).Id;
        return GoOn(host, run, _values.Read(request.Parsed), events is null ? null : events with { Append = true });
    }

    public static int GoOn(Host host, RunId run, GivenValues values, EventTarget? events = null) => StoreAccess.Write(() =>
    {
        var (before, plan) = StoreAccess.Read(host, history => (history.Events(run), PlanJson.Read(history.Plan(run))));
        try
        {
            return new RunExecution(options => ProjectAccess.Runs(host).Resume(run, options with { Values = values }), plan, host) { Before = before, Events = events }.Run();
        }
        catch (RunHasEndedException ended)
        {
            host.Note($"{run} has ended already: it ended as {StoreAccess.Word(ended.Status)}, with exit code {ended.ExitCode}");
            return ended.ExitCode;
        }
        catch (ValueNotGivenException wrong)
        {
            throw GivenValueOptions.Error(wrong, run, "resume");
        }
        catch (RunIsHeldException held)
        {
            throw new CliException(new CliError(ExitCode.Refused, $"{run} is being executed") { Why = $"process {held.Process} on {held.Machine} has it", Use = $"lockstep show {run}" });
        }
    });
}
