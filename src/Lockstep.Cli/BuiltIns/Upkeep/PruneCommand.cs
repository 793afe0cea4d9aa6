using System.CommandLine;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Cli.Reports;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Upkeep;

namespace Lockstep.Cli.BuiltIns.Upkeep;

/// <summary><c>lockstep prune --older-than 30d</c>: old runs go, with all that only they need.</summary>
internal sealed class PruneCommand() : BuiltIn("prune", "Remove old runs, with their events, logs, plans, and kept outputs")
{
    private readonly Option<string> _olderThan = new("--older-than") { HelpName = "WHEN", Description = "Runs that ended before then, and outputs not used since: an age such as 30d, or a date" };
    private readonly Option<int> _keep = new("--keep") { HelpName = "N", Description = "The newest N runs stay in any case" };
    private readonly Option<bool> _dryRun = new("--dry-run", "-n") { Description = "Say what would go, and remove nothing" };

    public override IEnumerable<Option> Options => [_olderThan, _keep, _dryRun];

    public override string? Details => "Runs that have not ended stay, whatever their age: running, paused, or crashed, which can still be resumed.\nKept outputs are pruned by age alone.";

    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("lockstep prune --older-than 30d --dry-run", "how much that would be"),
        ("lockstep prune --older-than 30d --keep 100", "of the last month all, and at least 100"),
    ];

    public override int Run(Request request, Host host)
    {
        var olderThan = Moments.Past("--older-than", request.Parsed.GetValue(_olderThan), host.Clock.GetUtcNow(), "lockstep prune --older-than 30d");
        var keep = request.Parsed.GetValue(_keep);
        if (keep < 0) throw CliException.Usage($"--keep is '{keep}', and no less than 0 runs can stay", use: "lockstep prune --keep 100");
        if (olderThan is null && request.Parsed.GetResult(_keep) is null) throw CliException.Usage("prune needs to know what may go", use: "lockstep prune --older-than 30d");
        var rule = new PruneRule { EndedBefore = olderThan, Keep = keep, DryRun = request.Parsed.GetValue(_dryRun) };
        var pruned = StoreAccess.Write(() => StorePruning.Prune(StoreFolder.Locate(host.Environment), rule, host.Clock).GetAwaiter().GetResult());
        if (host.Settings.Json) WriteJson(host, pruned, rule.DryRun);
        else Write(host, pruned, rule.DryRun);
        return 0;
    }

    private static void Write(Host host, PrunedStore pruned, bool dryRun)
    {
        var what = $"{Counts.Of(pruned.Runs, "run")}, {Counts.Of(pruned.Events, "event")}, {Counts.Of(pruned.Logs, "log")}, {Counts.Of(pruned.Outputs ?? 0, "kept result")}";
        host.Screen.Out.WriteLine(dryRun ? $"Would remove {what}." : $"Removed {what}; {Counts.Bytes(pruned.Bytes)} are free again.");
        if (pruned.Outputs is null) host.Note("Kept outputs stay: others have used them all the time; try again later.");
        if (pruned.Unfinished > 0) host.Note($"{Counts.Of(pruned.Unfinished, "run")} as old {(pruned.Unfinished == 1 ? "stays, for it has" : "stay, for they have")} not ended: lockstep resume goes on with one, lockstep abort ends it.");
    }

    private static void WriteJson(Host host, PrunedStore pruned, bool dryRun) => JsonOutput.Write(host.Screen.OutBytes, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("dry_run", dryRun);
        json.WriteNumber("runs", pruned.Runs);
        json.WriteNumber("events", pruned.Events);
        json.WriteNumber("logs", pruned.Logs);
        json.Optional("outputs", pruned.Outputs);
        json.WriteNumber("unfinished", pruned.Unfinished);
        if (!dryRun)
        {
            json.WriteNumber("plans", pruned.Plans);
            json.WriteNumber("bytes", pruned.Bytes);
        }
        json.WriteEndObject();
    });
}
