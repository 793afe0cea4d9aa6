using System.Globalization;
using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Workspaces;

namespace Lockstep.Sqlite.Upkeep;

/// <summary>What was left over in a store.</summary>
/// <param name="Drafts">Unfinished files of processes that are gone.</param>
/// <param name="Locks">Locks, and places in the list of watches, of processes that are gone: they held nothing any more, and no longer name anyone.</param>
/// <param name="Logs">Folders of logs whose run is in no list.</param>
/// <param name="Requests">Requests to runs that have ended.</param>
public sealed record CleanedStore(IReadOnlyList<string> Drafts, IReadOnlyList<string> Locks, IReadOnlyList<string> Logs, int Requests);

/// <summary>Removes what processes that died have left over, and nothing that a process which lives may need.</summary>
public static class StoreCleaning
{
    /// <summary>A process that just begins has logs before it has a row; one in a container can't be seen.</summary>
    private static readonly TimeSpan _tooYoung = TimeSpan.FromDays(1);

    /// <summary>Cleans a store.</summary>
    /// <param name="folder">The folder of the store.</param>
    /// <param name="now">The time, for the age of files.</param>
    /// <exception cref="JournalException">The store can't be used.</exception>
    public static CleanedStore Clean(string folder, DateTimeOffset now) => History.Ask(folder, () =>
    {
        using var database = Schema.OpenExisting(StoreFolder.Database(folder), StoreConnection.BusyTimeout);
        if (database is null) return new CleanedStore([], [], [], 0);
        return new CleanedStore(Drafts(folder, now), Locks(folder), Logs(folder, database, now), Requests(database));
    });

    private static List<string> Drafts(string folder, DateTimeOffset now)
    {
        var drafts = new List<string>();
        foreach (var file in Files(folder, "lockstep.db*.new").Concat(Files(folder, ".doctor-*")).Concat(Files(Path.Join(folder, "cache", "outputs", "temporary"), ".lockstep-*")))
        {
            if (ProcessOf(Path.GetFileName(file)) is { } process && Directory.Exists($"/proc/{process}") && now - File.GetLastWriteTimeUtc(file) < _tooYoung) continue;
            File.Delete(file);
            drafts.Add(file);
        }

        return drafts;
    }

    /// <summary>The first number in a draft's name, which is the process that writes it.</summary>
    private static int? ProcessOf(string name)
    {
        foreach (var part in name.Split('.', '-'))
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var process)) return process;
        return null;
    }

    /// <remarks>The files stay: whoever deletes a lock's file lets two hold a lock of one name.</remarks>
    private static List<string> Locks(string folder)
    {
        var locks = new List<string>();
        foreach (var file in Files(Path.Join(folder, "locks"), "*.lock").Concat(Files(Path.Join(folder, "watches"), "*.watch")))
        {
            if (FileLock.ReadText(file).Length == 0) continue;
            using var held = FileLock.TryTake(file);
            if (held is null) continue;
            held.Write("");
            locks.Add(file);
        }

        return locks;
    }

    private static List<string> Logs(string folder, SqliteDatabase database, DateTimeOffset now)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        using (var select = database.Prepare("SELECT id FROM runs"u8))
            while (select.Step()) known.Add(StoreFolder.Logs(folder, new RunId(select.Text(0))));
        var logs = new List<string>();
        var all = Path.Join(folder, "logs");
        if (!Directory.Exists(all)) return logs;
        foreach (var run in Directory.EnumerateDirectories(all))
        {
            if (known.Contains(run) || now - Directory.GetLastWriteTimeUtc(run) < _tooYoung) continue;
            Directory.Delete(run, recursive: true);
            logs.Add(run);
        }

        return logs;
    }

    private static int Requests(SqliteDatabase database)
    {
        using (var delete = database.Prepare("DELETE FROM requests WHERE run NOT IN (SELECT key FROM runs WHERE status IN ('running', 'paused'))"u8)) delete.Run();
        return (int)database.Integer("SELECT changes()"u8);
    }

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern) : [];
}
