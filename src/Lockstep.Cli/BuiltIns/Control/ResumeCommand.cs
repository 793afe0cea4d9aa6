using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.BuiltIns.Running;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.BuiltIns.Control;

/// <summary><c>lockstep resume RUN</c>: goes on with a paused or crashed run where it stands, with the plan it began with.</summary>
internal sealed class ResumeCommand() : BuiltIn("resume", "Go on with a run that is paused or whose process is gone")
{
    private readonly Argument<string> _run = RunAccess.RunArgument();
    private readonly GivenValueOptions _values = new("A sensitive parameter again, as it is not kept", "A sensitive variable again, as it is not kept");
    private readonly Option<int?> _jobs = JobsOption.New();
    private readonly Option<string> _events = EventLines.Option();

    public override string Usage => "[RUN]";

    public override IEnumerable<Option> Options => [.. _values.All, _jobs, _events];

    public override IEnumerable<Argument> Arguments => [_run];

    public override int Run(Request request, Host host)
    {
        var events = EventTarget.Of(request.Parsed.GetValue(_events), host, "lockstep resume");
        var jobs = request.Parsed.GetValue(_jobs);
        JobsOption.Check(jobs, host);
        var run = RunAccess.Find(host, request.Parsed.GetValue(_run), Name).Id;
        return GoOn(host, run, _values.Read(request.Parsed), events is null ? null : events with { Append = true }, jobs: jobs);
    }

    /// <param name="host">Where it goes on.</param>
    /// <param name="run">The run.</param>
    /// <param name="values">The values it gets again.</param>
    /// <param name="events">Where each event is written; null for nowhere.</param>
    /// <param name="aborts">Whether it goes on only to end, which is then what was asked for.</param>
    /// <param name="jobs">How many commands may run at once; null for no limit.</param>
    public static int GoOn(Host host, RunId run, GivenValues values, EventTarget? events = null, bool aborts = false, int? jobs = null) => StoreAccess.Write(() =>
    {
        var runs = ProjectAccess.Runs(host);
        var stopped = runs.Stopped(run);
        try
        {
            return new RunExecution(options => runs.Resume(stopped, options with { Values = values }), stopped.Plan, host) { Before = stopped.Events, Events = events, Aborts = aborts, Jobs = jobs }.Run();
        }
        catch (RunHasEndedException ended)
        {
            host.Note($"{run} has ended already: it ended as {StoreAccess.Word(ended.Status)}, with exit code {ended.ExitCode}");
            if (!host.Settings.Json) return ended.ExitCode;
            if (aborts) new ControlAnswer(run, "abort", ended.Status) { ExitCode = ended.ExitCode }.Write(host);
            else RunJson.Write(host.Screen.OutBytes, stopped.Plan, RunLog.Of(stopped.Events), new RunResult(run, stopped.Events.OfType<RunEnded>().Last(), null));
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
