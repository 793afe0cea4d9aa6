using System.Runtime.InteropServices;
using Lockstep.Cli.BuiltIns.Control;
using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Cli.Reports.Tree;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Processes;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary>Runs a plan in the foreground, or goes on with a run of one: chooses how it is shown, listens to signals, and sums up at the end.</summary>
internal sealed class RunExecution(Func<RunOptions, RunResult> execute, Plan plan, Host host)
{
    private readonly RunControl _control = new();
    private bool _readerGone;
    private bool _terminalLeft;
    private OutputFailedException? _unwritable;
    private RunId _run;

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public bool UseCache { get; init; } = true;

    /// <summary>How many commands may run at once; null for no limit.</summary>
    public int? Jobs { get; init; }

    /// <summary>What happened in the run before, when it is resumed.</summary>
    public IReadOnlyList<RunEvent> Before { get; init; } = [];

    /// <summary>Whether the run goes on only to be ended: then that it was is a success.</summary>
    public bool Aborts { get; init; }

    /// <summary>The absolute path of the JUnit report to write; null for none.</summary>
    public string? JUnit { get; init; }

    /// <summary>Where each event is written as it happens; null for nowhere.</summary>
    public EventTarget? Events
    {
        get;
        init
        {
            field = value;
            OutputToError |= value is { File: null };
        }
    }

    /// <summary>Leaves the terminal once the run is in the store, and tells its id before: output goes to the log only.</summary>
    public bool Detached { get; init; }

    /// <summary>Sends output to standard error, because standard output is for a document.</summary>
    public bool OutputToError { get; init; } = host.Settings.Json;

    public int Run()
    {
        JobsOption.Check(Jobs, host);
        var log = new RunLog(keepAll: JUnit is not null);
        var style = StyleOf();
        using var events = Events is null ? null : EventLines.Open(Events, host);
        using var junit = JUnit is null ? null : JUnitFile.Open(JUnit);
        var report = Report(style, log);
        using var closing = report as IDisposable;
        using var confirmation = new Confirmation(host, report);
        using var signals = new Signals(_control);
        foreach (var happened in Before)
        {
            log.OnEvent(happened);
            report.Remember(happened);
        }

        var result = execute(new RunOptions
        {
            Arguments = Arguments,
            UseCache = UseCache,
            Jobs = Jobs,
            Terminal = style == RunStyle.Terminal,
            OnePipe = style == RunStyle.Live || OutputToError || StandardStreams.AreOneFile,
            Input = !Detached && (style is RunStyle.Terminal or RunStyle.Plain || !Screen.InputIsTerminal),
            Colour = host.Screen.OutStyle.Colour,
            Verbose = host.Settings.Verbosity == Verbosity.Verbose,
            Control = _control,
            Confirm = async (message, defaultYes, cancel) =>
            {
                try
                {
                    return await confirmation.Ask(message, defaultYes, cancel);
                }
                catch (IOException gone)
                {
                    StopFor(gone);
                    return (false, "nobody: the terminal is gone");
                }
            },
            OnBegin = run => _run = run,
            OnKept = Detached ? LeaveTerminal : null,
            OnEvent = happened =>
            {
                log.OnEvent(happened);
                Show(() =>
                {
                    report.OnEvent(happened);
                    events?.Write(_run, happened);
                });
            },
            OnHistoryWaits = Detached ? null : why => Show(() =>
            {
                using (report.MakeRoom()) Warn(why);
            }),
            OnOutput = (step, stream, bytes) =>
            {
                log.OnOutput(step, bytes);
                if (_readerGone) return;
                try
                {
                    report.OnOutput(step, stream, bytes);
                }
                catch (IOException gone)
                {
                    StopFor(gone);
                }
            },
        });
        if (Detached && !_terminalLeft) LeaveTerminal(result.HistoryLost);
        Show(() => report.Finish(result));
        var junitProblem = junit is null || result.Paused is not null ? null : JUnitFile.Write(junit, plan, log, result);
        try
        {
            if (junitProblem is not null) Warn(junitProblem);
            if (events?.Problem is { } eventsProblem) Warn(eventsProblem);
            SumUp(style, log, result);
            host.Screen.Flush();
        }
        catch (OutputClosedException)
        {
            // The run is over, and its exit code counts whether anybody listens or not.
        }
        return _unwritable is null ? result.ExitCode : throw _unwritable;
    }

    private void Warn(string what) => host.Screen.Error.WriteLine($"{host.Screen.ErrorStyle.Yellow("Warning:")} {what}");

    private void SumUp(RunStyle style, RunLog log, RunResult result)
    {
        if (host.Settings.Json) WriteJson(log, result);
        foreach (var warning in log.Warnings) host.Note($"{host.Screen.ErrorStyle.Yellow("Warning:")} {warning}");
        if (result.HistoryLost is { } lost) host.Note($"{host.Screen.ErrorStyle.Yellow("Warning:")} {lost}");
        foreach (var notice in result.Notices) host.Note($"{host.Screen.ErrorStyle.Yellow("Warning:")} {notice}");
        if (Detached || _readerGone) return;
        if (result.Paused is { } paused)
        {
            PauseSummary.Write(host, result.Run, paused);
            return;
        }

        if (Aborts && result.End.Outcome == Outcome.Cancelled)
        {
            host.Note($"{host.Screen.ErrorStyle.Green("✓")} {result.Run} has ended: it was {TextWidth.Brief(result.End.Reason ?? "cancelled")}");
            return;
        }

        if (result.End.Outcome == Outcome.Stopped)
        {
            host.Note(FailureSummary.Headline(plan, host.Screen.ErrorStyle, result.End, []));
            return;
        }

        if (result.End.Outcome == Outcome.Succeeded)
        {
            if (style == RunStyle.Live) RunSummary.Write(host, plan, log, result);
            else if (log.Leaves.Count == 0 && log.Unmatched.Count > 0) host.Note($"Nothing ran: {string.Join("; ", log.Unmatched.Distinct().Select(reason => TextWidth.Brief(reason)))}");
            return;
        }
        var shown = (style is RunStyle.Plain or RunStyle.Terminal) && log.LastPrinted is { } last && new StepLabels(plan).Of(last) is null ? log.LastPrinted : null;
        FailureSummary.Write(host, plan, log, result, shown);
    }

    private void WriteJson(RunLog log, RunResult result)
    {
        if (Aborts) new ControlAnswer(result.Run, "abort", result.Status) { ExitCode = result.Paused is null ? result.ExitCode : null }.Write(host);
        else RunJson.Write(host.Screen.OutBytes, plan, log, result);
    }

    /// <summary>Tells the waiting process the run's id and, in the same line, why its history is lost.</summary>
    private void LeaveTerminal(string? lost)
    {
        _terminalLeft = true;
        try
        {
            host.Screen.Out.WriteLine(lost is null ? _run.Text : $"{_run} {lost}");
            host.Screen.Flush();
        }
        catch (OutputClosedException)
        {
            // Nobody waits any more; the run goes on as it was asked to.
        }
        Native.Detach();
    }

    private RunReport Report(RunStyle style, RunLog log) => style switch
    {
        RunStyle.Silent => new SilentReport(),
        RunStyle.Plain or RunStyle.Terminal => new PlainReport(host, plan, OutputToError),
        RunStyle.GitHub => new GitHubReport(host, plan, new StepLabels(plan), log, OutputToError),
        RunStyle.Live => new LiveReport(host, plan),
        _ => throw new InvalidOperationException($"no report for {style}"),
    };

    private RunStyle StyleOf()
    {
        if (Detached) return RunStyle.Silent;
        if (host.Environment("GITHUB_ACTIONS") == "true") return RunStyle.GitHub;
        var terminal = Screen.OutIsTerminal && Screen.ErrorIsTerminal && !OutputToError;
        if (!terminal) return RunStyle.Plain;
        if (!plan.Steps().Where(step => step is LeafNode).Skip(1).Any()) return Screen.InputIsTerminal ? RunStyle.Terminal : RunStyle.Plain;
        return LiveTree.Suits(host) ? RunStyle.Live : RunStyle.Plain;
    }

    private void Show(Action show)
    {
        if (_readerGone) return;
        try
        {
            show();
        }
        catch (IOException gone)
        {
            StopFor(gone);
        }
    }

    /// <summary>A shell's command that prints to a closed pipe is ended by it; the run ends in the same way, with its <c>finally</c> blocks run.</summary>
    private void StopFor(IOException gone)
    {
        _readerGone = true;
        _unwritable ??= gone as OutputFailedException;
        _control.Interrupt("SIGPIPE");
    }

    private enum RunStyle { Silent, Plain, Terminal, GitHub, Live }

    /// <summary>Hands the signals that ask for an end to the run.</summary>
    private sealed class Signals : IDisposable
    {
        private readonly List<PosixSignalRegistration> _registrations = [];

        public Signals(RunControl control)
        {
            Add(PosixSignal.SIGINT, "Ctrl-C");
            Add(PosixSignal.SIGTERM, "SIGTERM");
            Add(PosixSignal.SIGHUP, "SIGHUP");

            void Add(PosixSignal signal, string name) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                control.Interrupt(name);
            }));
        }

        public void Dispose()
        {
            foreach (var registration in _registrations) registration.Dispose();
        }
    }
}
