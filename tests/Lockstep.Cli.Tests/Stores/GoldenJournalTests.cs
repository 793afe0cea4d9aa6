using System.Text;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Cli.Tests.Stores;

/// <summary>
/// The journals of earlier releases in a real store, as the program shows them. A golden text changes only with what a command prints on purpose:
/// LOCKSTEP_ACCEPT=1 writes it anew.
/// </summary>
public sealed class GoldenJournalTests : IDisposable
{
    private static readonly string _folder = Path.Combine(Root(), "tests", "Lockstep.Tests", "Journals", "v1");
    private readonly Scenario _scenario = new Scenario().Commands(File.ReadAllText(Path.Combine(_folder, "commands.cli"))).WithVariable("TZ", "UTC");

    public static TheoryData<string> Journals =>
    [
        "again", "asked", "beside", "chain", "fails", "guarded", "interrupted", "locked", "locked-2", "needed-once", "needing", "once", "otherwise", "paused", "sequence", "stopped",
        "too-long", "using",
    ];

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [MemberData(nameof(Journals))]
    public async Task A_run_of_an_earlier_format_is_shown_as_ever(string name)
    {
        var run = await Keep(File.ReadLines(Path.Combine(_folder, name + ".jsonl")));

        var shown = string.Concat(new[] { "show", "events", "why" }.Select(
            command => $"$ lockstep {command}\n{_scenario.Run(command, run).Succeeded().Out.Replace(_scenario.Project, "~/shop", StringComparison.Ordinal)}\n"));

        var beside = Path.Combine(_folder, "shown", name + ".txt");
        if (Environment.GetEnvironmentVariable("LOCKSTEP_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(beside)!);
            File.WriteAllText(beside, shown);
        }

        Assert.Equal(File.ReadAllText(beside), shown);
    }

    private async Task<string> Keep(IEnumerable<string> lines)
    {
        const string Run = "run-20261121-123600-a7b3c1d2";
        List<RunEvent> events = [.. lines.Select(line => EventJson.Read(Encoding.UTF8.GetBytes(line)))];
        var plan = Encoding.UTF8.GetBytes(_scenario.Run("plan", ((RunStarted)events[0]).Command, "--format", "json").Succeeded().Out);
        await using var journal = SqliteRunJournal.Begin(_scenario.Store, new RunId(Run), () => plan);
        foreach (var happened in events) journal.Append(happened);
        await journal.Flush();
        Assert.Null(journal.Lost);
        return Run;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lockstep.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
