using System.Text;
using Lockstep.Journal;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Upkeep;
using Lockstep.Tests.Execution;

namespace Lockstep.Tests.Sqlite.Damage;

/// <summary>A store of a few real runs, to be damaged in copies, and what each copy still says.</summary>
internal sealed class WholeStore : IDisposable
{
    private readonly Stage _stage = new("""
        good(who = "you"): {
          echo first
          echo @var(who)
        }
        bad: @retry(attempts = 2, delay = 1ms) { sh -c 'echo broken; exit 3' }
        wide: @parallel {
          echo a
          echo b
        }
        """);

    private readonly List<Told> _before;

    public WholeStore()
    {
        Runs = [_stage.Run("good").Result.Run, _stage.Run("bad").Result.Run, _stage.Run("wide").Result.Run, _stage.Run("good", null, "me").Result.Run];
        using (var database = Open(Home)) database.TruncateLog();
        _before = TellAll(Home);
    }

    public IReadOnlyList<RunId> Runs { get; }

    public string Home => _stage.Folder["store"];

    public string Copy => _stage.Folder["copy"];

    /// <summary>Makes the copy anew.</summary>
    public void CopyAnew()
    {
        if (Directory.Exists(Copy)) Directory.Delete(Copy, recursive: true);
        Directory.CreateDirectory(Copy);
        Directory.CreateSymbolicLink(Path.Combine(Copy, "logs"), Path.Combine(Home, "logs"));
        File.Copy(StoreFolder.Database(Home), StoreFolder.Database(Copy));
    }

    public static SqliteDatabase Open(string home)
    {
        var database = SqliteDatabase.Open(StoreFolder.Database(home), create: false, Written.Wait);
        database.KeepLog();
        return database;
    }

    public void Change(string sql)
    {
        using var database = Open(Copy);
        database.Execute(Encoding.UTF8.GetBytes(sql + "\0"));
    }

    /// <summary>What came of the damage, as whoever reads runs sees it and as verify tells it.</summary>
    public Effect Look()
    {
        bool found;
        try
        {
            using var history = History.Open(Copy);
            found = StoreCheck.Of(history).Damage.Count > 0;
        }
        catch (JournalException)
        {
            return Effect.Detected;
        }

        var now = TellAll(Copy);
        var silently = now.Count != _before.Count || now.Zip(_before).Any(pair => pair.First.Read && pair.First != pair.Second);
        var refused = now.Any(told => !told.Read);
        return (found, refused, silently) switch
        {
            (true, _, _) => Effect.Detected,
            (false, true, _) or (false, _, true) => Effect.AcceptedSilently,
            _ => Effect.None,
        };
    }

    /// <summary>Whether a reader of one run was given something else than was written, without an error.</summary>
    public bool ReadersAreMisled() => TellAll(Copy).Where(told => told.Read).Any(told => !_before.Exists(before => before.Run == told.Run && before.Events == told.Events && before.Plan == told.Plan));

    public void Dispose() => _stage.Dispose();

    private List<Told> TellAll(string home) => [.. Runs.Select(run => Tell(home, run))];

    private static Told Tell(string home, RunId run)
    {
        try
        {
            using var history = History.Open(home);
            var events = string.Join('\n', history.Events(run).Select(happened => Encoding.UTF8.GetString(EventJson.ToUtf8(happened))));
            var listed = history.Runs(new RunFilter { Limit = 100 }).Single(one => one.Id == run) with { Key = 0 };
            return new(run, true, events, Convert.ToHexString(history.Plan(run)), listed.ToString());
        }
        catch (Exception refused) when (refused is JournalException or InvalidOperationException)
        {
            return new(run, false, "", "", "");
        }
    }

    private sealed record Told(RunId Run, bool Read, string Events, string Plan, string Listed);
}

internal enum Effect { None, Detected, AcceptedSilently }
