using Lockstep.Journal;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Connections;
using Lockstep.Workspaces;

namespace Lockstep.Sqlite;

/// <summary>What a store refused.</summary>
/// <param name="Where">The file or folder to blame.</param>
/// <param name="Why">What is wrong there: a sentence without its subject, which is <paramref name="Where"/>.</param>
/// <param name="Help">What to do.</param>
internal sealed record StoreProblem(string Where, string Why, string Help)
{
    private const int NoSpaceLeft = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the store or its folder is to blame, and not our own code.</summary>
    public static bool IsOf(Exception problem)
        => problem is SqliteException or NewerStoreException or IOException or UnauthorizedAccessException or DllNotFoundException or JournalException;

    /// <summary>Whether a question was not answered only because another process has the store locked.</summary>
    public static bool IsLocked(JournalException problem) => problem.InnerException is SqliteException { IsBusy: true };

    /// <summary>One sentence for a problem, without what it means for who asked.</summary>
    public static string Sentence(string folder, Exception problem) => folder == StoreFolder.Nowhere ? StoreFolder.NoPlace : problem is JournalException said ? said.Message : Of(folder, problem).ToString();

    public static StoreProblem Of(string folder, Exception problem)
    {
        var path = StoreFolder.Database(folder);
        return problem switch
        {
            NewerStoreException newer => new(path, $"was made by a newer release ({newer.Message})", "update this program, or set LOCKSTEP_HOME to another folder"),
            SqliteException { Code: SqliteException.Corrupt or SqliteException.NotADatabase } damage
                => new(path, $"is damaged ({damage.Message})", "move it away and the next run makes a new one"),
            SqliteException { Code: SqliteException.Full } or IOException { HResult: NoSpaceLeft or WindowsDiskFull }
                => new(path, "is on a disk that is full", "free some space, or set LOCKSTEP_HOME to a folder on another disk"),
            SqliteException { Code: SqliteException.Busy or SqliteException.Locked }
                => new(path, $"was locked by another process for {StoreConnection.BusyTimeout.TotalSeconds} s", $"see which one uses it with 'fuser {path}'"),
            SqliteException { Code: SqliteException.ReadOnly or SqliteException.CannotOpen } closed
                => new(path, $"can't be written ({closed.Message})", "make the folder writable, or set LOCKSTEP_HOME to another one"),
            SqliteException other => new(path, $"can't be used ({other.Message}, code {other.ExtendedCode})", "set LOCKSTEP_HOME to another folder"),
            DllNotFoundException => new(path, "needs SQLite, which is not there", "install libsqlite3 (Debian: apt-get install libsqlite3-0)"),
            NoFolderException file => new(file.Path, "is a file, where history needs a folder", "move it away, or set LOCKSTEP_HOME to another folder"),
            UnauthorizedAccessException denied => new(folder, $"can't be used ({denied.Message.TrimEnd('.')})", "give yourself read and write permission on it, or set LOCKSTEP_HOME to another folder"),
            _ => new(folder, $"can't be written ({problem.Message.TrimEnd('.')})", "make it writable, or set LOCKSTEP_HOME to another folder"),
        };
    }

    public override string ToString() => $"{Where} {Why}; {Help}";
}
