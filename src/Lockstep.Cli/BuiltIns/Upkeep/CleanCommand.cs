using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Upkeep;

namespace Lockstep.Cli.BuiltIns.Upkeep;

/// <summary><c>lockstep clean</c>: what processes that died have left over goes.</summary>
internal sealed class CleanCommand() : BuiltIn("clean", "Remove what processes that died have left over in the store")
{
    public override string? Details => "No run and no log of one goes; lockstep prune does that.";

    public override int Run(Request request, Host host)
    {
        var cleaned = StoreAccess.Write(() => StoreCleaning.Clean(StoreFolder.Locate(host.Environment), host.Clock.GetUtcNow()));
        if (host.Settings.Json) WriteJson(host, cleaned);
        else Write(host, cleaned);
        return 0;
    }

    private static void Write(Host host, CleanedStore cleaned)
    {
        var output = host.Screen.Out;
        foreach (var file in cleaned.Drafts) output.WriteLine($"removed {file}: a draft that nobody finished");
        foreach (var folder in cleaned.Logs) output.WriteLine($"removed {folder}: logs of a run that is in no list");
        foreach (var file in cleaned.Locks) output.WriteLine($"emptied {file}: its process is gone");
        if (cleaned.Requests > 0) output.WriteLine($"removed {Counts.Of(cleaned.Requests, "request")} to runs that have ended");
        if (cleaned is { Drafts.Count: 0, Logs.Count: 0, Locks.Count: 0, Requests: 0 }) host.Note("Nothing was left over.");
    }

    private static void WriteJson(Host host, CleanedStore cleaned) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        Write("drafts", cleaned.Drafts);
        Write("locks", cleaned.Locks);
        Write("logs", cleaned.Logs);
        json.WriteNumber("requests", cleaned.Requests);
        json.WriteEndObject();

        void Write(string name, IReadOnlyList<string> paths)
        {
            json.WriteStartArray(name);
            foreach (var path in paths) json.WriteStringValue(path);
            json.WriteEndArray();
        }
    });
}
