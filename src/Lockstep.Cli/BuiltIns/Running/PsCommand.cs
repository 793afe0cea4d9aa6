using Lockstep.Cli.Reports;
using Lockstep.Sqlite;
using Lockstep.Workspaces;

namespace Lockstep.Cli.BuiltIns.Running;

/// <summary><c>lockstep ps</c>: the watches that run on this machine.</summary>
internal sealed class PsCommand() : BuiltIn("ps", "List the running watches of this machine")
{
    public override int Run(Request request, Host host)
    {
        var watches = Watches(host).All();
        if (host.Settings.Json) WriteJson(host, watches);
        else Write(host, watches);
        return 0;
    }

    /// <summary>The watches of this machine, whoever supervises them.</summary>
    public static WatchRegistry Watches(Host host) => new(Path.Combine(StoreFolder.Locate(host.Environment), "watches"));

    private static void Write(Host host, IReadOnlyList<RunningWatch> watches)
    {
        if (watches.Count == 0)
        {
            host.Note("No watch is running.");
            return;
        }
        var style = host.Screen.OutStyle;
        var widest = Math.Max(4, watches.Max(watch => watch.Name.Length));
        var folder = Math.Max(9, watches.Max(watch => watch.Directory.Length));
        host.Screen.Out.WriteLine(style.Bold($"{"NAME".PadRight(widest)}  {"PID",7}  {"SINCE",-10}  {"DIRECTORY".PadRight(folder)}  RUN"));
        foreach (var watch in watches)
        {
            var since = Durations.Ago(host.Clock.GetUtcNow() - watch.Since);
            host.Screen.Out.WriteLine($"{watch.Name.PadRight(widest)}  {watch.ProcessId,7}  {since,-10}  {watch.Directory.PadRight(folder)}  {watch.Run}");
        }
    }

    private static void WriteJson(Host host, IReadOnlyList<RunningWatch> watches) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("watches");
        foreach (var watch in watches)
        {
            json.WriteStartObject();
            json.WriteString("name", watch.Name);
            json.WriteNumber("pid", watch.ProcessId);
            json.Time("since", watch.Since);
            json.WriteString("directory", watch.Directory);
            json.WriteString("run", watch.Run);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
