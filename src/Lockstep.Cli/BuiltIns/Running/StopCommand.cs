using Lockstep.Cli.BuiltIns.Control;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite.Leases;
using Lockstep.Workspaces;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary><c>lockstep stop NAME</c>: the watch's own <c>stop</c> if it has one, then the end of its supervisor.</summary>
internal sealed class StopCommand() : BuiltIn("stop", "Stop a running watch")
{
    private const int Terminate = 15;
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _noticed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _byItself = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _gracefully = TimeSpan.FromSeconds(15);

    public override string Usage => "NAME [ARGUMENTS]";

    public override bool NamesCommand => true;

    public override int Run(Request request, Host host)
    {
        var name = request.Name ?? throw CliException.Usage("stop needs the NAME of a watch", use: "lockstep ps");
        var project = ProjectAccess.Open(host);
        var body = ProjectAccess.StopPlan(project, host, name, request.Arguments);
        var watch = PsCommand.Watches(host).Find(name, project.Directory);
        if (body is null && watch is null) throw NotRunning(project, host, name);

        var by = $"{RunAccess.Asker(host)} with lockstep stop";
        if (body is not null)
        {
            // What the body ends has not failed; that has to be known before it does.
            if (watch is not null && Ask(host, watch, new StopRequest(by, ByItself: true))) WaitUntil(host, () => IsGone(host, watch) || IsTaken(host, watch), _noticed);
            var exitCode = new RunExecution(options => project.Run(body, options), body, host with { Settings = host.Settings with { Json = false } })
            {
                Arguments = request.Arguments,
                OutputToError = host.Settings.Json,
            }.Run();
            if (exitCode != 0)
            {
                if (watch is not null) Ask(host, watch, new StopRequest(null, ByItself: true));
                return Failed(host, name, exitCode);
            }
            if (watch is not null) WaitUntilGone(host, watch, _byItself);
        }
        if (watch is not null) End(host, watch, by);
        if (host.Settings.Json) WriteJson(host, name, watch);
        else host.Note(watch is null ? $"{name}: stopped; no supervisor was running" : $"{host.Screen.ErrorStyle.Green("✓")} {name} stopped");
        return 0;
    }

    /// <summary>The run has told in words why it failed; a document is still owed.</summary>
    private static int Failed(Host host, string name, int exitCode)
    {
        if (host.Settings.Json)
            JsonOutput.Write(host.Screen.OutBytes, new CliError(exitCode, $"the stop of {name} failed") { Why = "its supervisor, if there is one, still runs" }.WriteJson);
        return exitCode;
    }

    private static CliException NotRunning(Project project, Host host, string name)
    {
        var known = project.Commands.FirstOrDefault(command => command.Name == name && command.Mode != PlanMode.Stop);
        if (known is null) return ProjectAccess.Unknown(project, host, name);
        if (known.Mode == PlanMode.Run)
            return new CliException(new CliError(ExitCode.NotFound, $"{name} is not a watch")
            {
                Why = "only watches are stopped by name",
                Use = "lockstep abort RUN",
                Help = $"lockstep runs --here --name {name} lists its runs",
            });
        return new CliException(new CliError(ExitCode.NotFound, $"no watch '{name}' of {project.Directory} is running") { Use = "lockstep ps" });
    }

    /// <summary>Asks once for a graceful end, the second time for an end at once; by a signal where it is not asked through the store.</summary>
    private static void End(Host host, RunningWatch watch, string by)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (IsGone(host, watch)) return;
            if (attempt > 0 || !Ask(host, watch, new StopRequest(by))) Native.Signal(watch.ProcessId, Terminate);
            if (WaitUntilGone(host, watch, _gracefully)) return;
        }
        throw new CliException(new CliError(ExitCode.Failed, $"the supervisor of {watch.Name} does not end")
        {
            Where = $"process {watch.ProcessId}, run {watch.Run}",
            Use = $"kill -9 {watch.ProcessId}",
        });
    }

    /// <summary>Whether the request is in the store; it has no place there where the watch has none, and one that has just begun has it a moment later.</summary>
    private static bool Ask(Host host, RunningWatch watch, StopRequest request)
    {
        var asked = false;
        WaitUntil(host, () => (asked = TryAsk(host, watch, request)) || IsGone(host, watch), _noticed);
        return asked;
    }

    private static bool TryAsk(Host host, RunningWatch watch, StopRequest request)
    {
        try
        {
            ProjectAccess.Runs(host).Ask(new RunId(watch.Run), request);
            return true;
        }
        catch (Exception problem) when (problem is JournalException or RunHasEndedException)
        {
            return false;
        }
    }

    private static bool IsTaken(Host host, RunningWatch watch)
    {
        try
        {
            return !RunRequests.AreLeft(ProjectAccess.Runs(host).StoreFolder, new RunId(watch.Run));
        }
        catch (JournalException)
        {
            return true;
        }
    }

    private static bool WaitUntilGone(Host host, RunningWatch watch, TimeSpan atMost) => WaitUntil(host, () => IsGone(host, watch), atMost);

    private static bool WaitUntil(Host host, Func<bool> isSo, TimeSpan atMost)
    {
        var started = host.Clock.GetTimestamp();
        while (!isSo())
        {
            if (host.Clock.GetElapsedTime(started) > atMost) return false;
            Thread.Sleep(_poll);
        }
        return true;
    }

    private static bool IsGone(Host host, RunningWatch watch)
        => PsCommand.Watches(host).Find(watch.Name, watch.Directory)?.Run != watch.Run;

    private static void WriteJson(Host host, string name, RunningWatch? watch) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteString("stopped", name);
        json.Optional("run", watch?.Run);
        json.WriteEndObject();
    });
}
