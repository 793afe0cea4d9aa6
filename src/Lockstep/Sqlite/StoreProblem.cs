using Lockstep.Journal;
using Lockstep.Sqlite.Binding;

namespace Lockstep.Sqlite;

/// <summary>One sentence for what a store refused: what, where, and what to do.</summary>
internal static class StoreProblem
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the store or its folder is to blame, and not our own code.</summary>
    public static bool IsOf(Exception problem)
        => problem is SqliteException or NewerStoreException or IOException or UnauthorizedAccessException or DllNotFoundException or JournalException;

    /// <summary>The sentence, without what it means for who asked.</summary>
    public static string Sentence(string folder, Exception problem)
    {
        var path = StoreFolder.Database(folder);
        return problem switch
        {
            NewerStoreException newer => $"{path} was made by a newer release ({newer.Message}); update this program, or set LOCKSTEP_HOME to another folder",
            SqliteException { Code: SqliteException.Corrupt or SqliteException.NotADatabase } damage
                => $"{path} is damaged ({damage.Message}); move it away and the next run makes a new one",
            SqliteException { Code: SqliteException.Full } or IOException { HResult: NoSpaceLeft or WindowsDiskFull } => $"the disk that holds {path} is full; free some space, or set LOCKSTEP_HOME to a folder on another disk",
            SqliteException { Code: SqliteException.Busy or SqliteException.Locked }
                => $"{path} was locked by another process for {RunWriter.BusyTimeout.TotalSeconds} s; see which one uses it with 'fuser {path}'",
            SqliteException { Code: SqliteException.ReadOnly or SqliteException.CannotOpen } closed
                => $"{path} can't be written ({closed.Message}); make the folder writable, or set LOCKSTEP_HOME to another one",
            SqliteException other => $"{path} can't be used ({other.Message}, code {other.ExtendedCode}); set LOCKSTEP_HOME to another folder",
            DllNotFoundException => "SQLite is not there; install libsqlite3 (Debian: apt-get install libsqlite3-0)",
            JournalException said => said.Message,
            _ => $"{folder} can't be written ({problem.Message.TrimEnd('.')}); make it writable, or set LOCKSTEP_HOME to another folder",
        };
    }
}
