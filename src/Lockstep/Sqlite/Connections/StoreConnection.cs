using Lockstep.Journal;
using Lockstep.Source;
using Lockstep.Sqlite.Binding;
using Lockstep.Sqlite.Leases;
using Microsoft.Win32.SafeHandles;

namespace Lockstep.Sqlite.Connections;

/// <summary>An open store with what every run writes prepared. Used by one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Of 4 KiB each: half a megabyte, which every process reads when it opens the store, in a third of a millisecond.</summary>
    private const int LongestLog = 128;

    /// <summary>While a run goes on, copying waits for more, as each copy waits for the disk three times.</summary>
    private const int LongestLogInRun = 1024;

    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly string _logPath;
    private SafeFileHandle? _log;
    private (byte[] Content, (long Key, string Sha256) Stored)? _plan;

    private StoreConnection(SqliteDatabase database, string logPath)
    {
        Database = database;
        _logPath = logPath;
        _begin = database.Prepare("BEGIN IMMEDIATE"u8);
        _commit = database.Prepare("COMMIT"u8);
        AddEvent = database.Prepare("INSERT INTO events (run, sequence, json, checksum) VALUES (?1, ?2, ?3, ?4)"u8);
        IsOurs = database.Prepare("SELECT 1 FROM runs WHERE key = ?1 AND fence = ?2"u8);
    }

    public SqliteDatabase Database { get; }

    public SqliteStatement AddEvent { get; }

    public SqliteStatement IsOurs { get; }

    public EventWriter Json { get; } = new();

    /// <summary>This process, as the store names it.</summary>
    public string Owner { get; } = RunOwner.Current().ToString();

    /// <summary>Opens the store, waiting for its lock as long as is said: <see cref="BusyTimeout"/> by default.</summary>
    public static StoreConnection Open(string folder, Durability durability, TimeSpan? wait = null)
    {
        var database = Schema.Open(StoreFolder.Database(folder), wait ?? BusyTimeout);
        try
        {
            database.Execute(durability switch
            {
                Durability.Full => "PRAGMA synchronous = FULL\0"u8,
                Durability.Normal => "PRAGMA synchronous = NORMAL\0"u8,
                _ => throw new InvalidOperationException($"no setting for the durability {durability}"),
            });
            return new StoreConnection(database, StoreFolder.Database(folder) + "-wal");
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Whether a transaction has come to its end, so that there may be something to sync.</summary>
    public bool HasStored { get; private set; }

    /// <summary>Writes all that <paramref name="write"/> does, or nothing and throws.</summary>
    /// <returns>False, with nothing done, when another process holds the store's lock for as long as the database waits.</returns>
    public bool Transact<T>(T what, Action<T> write)
    {
        try
        {
            _begin.Run();
        }
        catch (SqliteException locked) when (locked.IsBusy)
        {
            return false;
        }

        try
        {
            write(what);
            _commit.Run();
            HasStored = true;
        }
        catch
        {
            Schema.TryRollback(Database);
            throw;
        }

        if (Database.LogPages >= LongestLogInRun) Database.CopyLog();
        return true;
    }

    /// <summary>Makes what is stored outlive a power cut. From any thread.</summary>
    public void Sync()
    {
        if (!HasStored) return;
        lock (_begin) _log ??= File.OpenHandle(_logPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(_log);
    }

    /// <summary>The key and checksum of a plan, which is added when it is new.</summary>
    public (long Key, string Sha256) PlanOf(byte[] content)
    {
        if (_plan is { } known && known.Content == content) return known.Stored;
        var stored = AddPlan(Database, content);
        _plan = (content, stored);
        return stored;
    }

    /// <summary>The key and checksum of a plan, which is held once however often it runs.</summary>
    public static (long Key, string Sha256) AddPlan(SqliteDatabase database, byte[] content)
    {
        var sha256 = Sha256.Hex(content);
        using var find = database.Prepare("SELECT key FROM plans WHERE sha256 = ?1"u8);
        if (find.Bind(1, sha256).Step())
        {
            var known = find.Integer(0);
            find.Reset();
            return (known, sha256);
        }

        using var add = database.Prepare("INSERT INTO plans (sha256, content) VALUES (?1, ?2)"u8);
        add.Bind(1, sha256).BindBlob(2, content).Run();
        return (database.LastInsertedRow, sha256);
    }

    public void Dispose()
    {
        Database.WaitFor(StoreWaits.Attempt);
        if (Database.LogPages >= LongestLog) StartLogAnew();
        _begin.Dispose();
        _commit.Dispose();
        AddEvent.Dispose();
        IsOurs.Dispose();
        Json.Dispose();
        _log?.Dispose();
        Database.Dispose();
    }

    /// <summary>Writes something, so that the log begins from its start.</summary>
    /// <remarks>
    /// That the log has been copied is known only while a process has the store open. The next one takes all of it for new, so if each run
    /// only adds its few pages and copies them, the log grows for ever.
    /// </remarks>
    private void StartLogAnew()
    {
        try
        {
            Database.CopyLog();

            // The copy is durable; what is lost of this write by a power cut is the old log, which says the same.
            Database.Execute("PRAGMA synchronous = OFF; PRAGMA application_id = 0x4c6f636b\0"u8);
        }
        catch (SqliteException)
        {
            // Another process is writing, which begins the log anew as well.
        }
    }
}
