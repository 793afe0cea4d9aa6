using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Binding;
using Lockstep.Tests.Journal;

namespace Lockstep.Tests.Sqlite;

/// <summary>Runs written to a store for a test to read, and the store opened behind its back.</summary>
internal static class Written
{
    /// <summary>Takes from a store what its third format, and those after it, added.</summary>
    public const string BackToVersion2 =
        "DROP TABLE timings; DROP TABLE deliveries; DROP TABLE receivers; ALTER TABLE runs DROP COLUMN plan_sha256; ALTER TABLE runs DROP COLUMN imported_at; DROP TABLE requests; DROP INDEX runs_by_parent; ALTER TABLE runs DROP COLUMN fence; ALTER TABLE runs DROP COLUMN alive_at; "
        + "ALTER TABLE runs DROP COLUMN parent; ALTER TABLE runs DROP COLUMN forked_at; ";

    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>A run of one step; without an outcome it does not end.</summary>
    public static async Task<RunId> Run(
        TemporaryFolder folder, string id, string command = "deploy", Outcome? outcome = Outcome.Succeeded, byte plan = 1, TimeSpan later = default)
    {
        var story = new Story();
        var run = new RunId(id);
        await using var journal = SqliteRunJournal.Begin(folder.Path, run, () => [plan], Durability.Normal);
        RunEvent[] events = [story.Started(command), story.StepStarted("a"), story.StepEnded("a")];
        foreach (var happened in events) journal.Append(happened with { At = happened.At + later });
        journal.AppendOutput(new StepId("a"), "", "hello"u8);
        if (outcome is { } end) journal.Append(story.Ended(end));
        await journal.Flush();
        Assert.Null(journal.Lost);
        return run;
    }

    public static void Sql(TemporaryFolder folder, string sql)
    {
        using var database = Open(folder);
        database.Execute(System.Text.Encoding.UTF8.GetBytes(sql + "\0"));
    }

    public static long Number(TemporaryFolder folder, string sql)
    {
        using var database = Open(folder);
        return database.Integer(System.Text.Encoding.UTF8.GetBytes(sql));
    }

    public static SqliteDatabase Open(TemporaryFolder folder) => SqliteDatabase.Open(StoreFolder.Database(folder.Path), create: false, Wait);
}
