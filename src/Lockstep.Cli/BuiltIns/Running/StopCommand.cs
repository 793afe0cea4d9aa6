using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;
using Lockstep.Execution;
using Lockstep.Plans;
using Lockstep.Workspaces;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary><c>lockstep stop NAME</c>: the watch's own <c>stop</c> if it has one, then the end of its supervisor.</summary>
internal sealed class StopCommand() : BuiltIn("stop", "Stop a running watch")
{
    private const int Terminate = 15;
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(20);
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

        if (body is not null)
        {
            var exitCode = new RunExecution(options => project.Run(body, options), body, host with { Settings = host.Settings with { Json = false } })
            {
                Arguments = request.Arguments,
                OutputToError = host.Settings.Json,
            }.Run();
            if (exitCode != 0) return Failed(host, name, exitCode);
            if (watch is not null) WaitUntilGone(host, watch, _byItself);
        }
        if (watch is not null) End(host, watch);
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

    /// <summary>Asks once for a graceful end, the second time for an end at once.</summary>
    private static void End(Host host, RunningWatch watch)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (IsGone(host, watch)) return;
            Native.Signal(watch.ProcessId, Terminate);
            if (WaitUntilGone(host, watch, _gracefully)) return;
        }
        throw new CliException(new CliError(ExitCode.Failed, $"the supervisor of {watch.Name} does not end")
        {
            Where = $"process {watch.ProcessId}, run {watch.Run}",
            Use = $"kill -9 {watch.ProcessId}",
        });
    }

    private static bool WaitUntilGone(Host host, RunningWatch watch, TimeSpan atMost)
    {
        var started = host.Clock.GetTimestamp();
        while (!IsGone(host, watch))
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
