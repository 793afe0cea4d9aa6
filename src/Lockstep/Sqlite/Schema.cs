using Lockstep.Sqlite.Binding;
using Lockstep.Workspaces;

namespace Lockstep.Sqlite;

/// <summary>The store's tables, by version: a store goes forward through the migrations it has not seen, all or none.</summary>
internal static class Schema
{
    /// <summary>The version that this release writes.</summary>
    public const int Current = 7;

    /// <remarks>
    /// Lists are answered by an index each, which ends in the start time, so the newest 50 cost the same at any number of runs. Events stand in
    /// the order of their key and need no second tree: an event and its commit touch one page. A plan is held once however often it runs.
    /// A run's <c>events</c> and <c>checksum</c> are set when it ends, so that events missing at the end are seen.
    /// </remarks>
    private static ReadOnlySpan<byte> Version1 =>
        """
        CREATE TABLE plans (
            key INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL UNIQUE,
            content BLOB NOT NULL);
        CREATE TABLE runs (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            command TEXT NOT NULL,
            status TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            exit_code INTEGER,
            directory TEXT NOT NULL,
            graph_hash TEXT NOT NULL,
            owner TEXT NOT NULL,
            plan INTEGER REFERENCES plans(key),
            events INTEGER,
            checksum INTEGER);
        CREATE INDEX runs_by_start ON runs(started_at);
        CREATE INDEX runs_by_status ON runs(status, started_at);
        CREATE INDEX runs_by_command ON runs(command, started_at);
        CREATE TABLE events (
            run INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            json TEXT NOT NULL,
            checksum INTEGER NOT NULL,
            PRIMARY KEY (run, sequence)) WITHOUT ROWID;
        PRAGMA user_version = 1;
        """u8;

    /// <summary>The runs of one project's folder, for its list and for its last one.</summary>
    private static ReadOnlySpan<byte> Version2 =>
        """
        CREATE INDEX runs_by_directory ON runs(directory, started_at);
        PRAGMA user_version = 2;
        """u8;

    /// <summary>
    /// Who executes a run: <c>owner</c> names the process, <c>fence</c> grows by one with each that takes the run over, so that one that was
    /// taken for dead can't write, and <c>alive_at</c> is when the owner last said that it lives. <c>requests</c> are what others ask of runs.
    /// </summary>
    private static ReadOnlySpan<byte> Version3 =>
        """
        ALTER TABLE runs ADD COLUMN fence INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE runs ADD COLUMN alive_at INTEGER;
        ALTER TABLE runs ADD COLUMN parent INTEGER REFERENCES runs(key);
        ALTER TABLE runs ADD COLUMN forked_at INTEGER;
        CREATE INDEX runs_by_parent ON runs(parent) WHERE parent IS NOT NULL;
        CREATE TABLE requests (
            key INTEGER PRIMARY KEY,
            run INTEGER NOT NULL,
            at INTEGER NOT NULL,
            json TEXT NOT NULL);
        CREATE INDEX requests_by_run ON requests(run, key);
        PRAGMA user_version = 3;
        """u8;

    /// <summary>
    /// A run's plan by its hash, so that an exchanged one is seen; a paused run's last event, so that a missing one is seen; and when a run was
    /// brought here from another store, where nobody may go on with it.
    /// </summary>
    private static ReadOnlySpan<byte> Version4 =>
        """
        ALTER TABLE runs ADD COLUMN plan_sha256 TEXT;
        ALTER TABLE runs ADD COLUMN imported_at INTEGER;
        UPDATE runs SET plan_sha256 = (SELECT sha256 FROM plans WHERE plans.key = runs.plan);
        UPDATE runs SET
            events = (SELECT max(sequence) FROM events WHERE run = runs.key),
            checksum = (SELECT checksum FROM events WHERE run = runs.key ORDER BY sequence DESC LIMIT 1)
            WHERE status = 'paused';
        PRAGMA user_version = 4;
        """u8;

    /// <summary>How long the last runs of each step took that succeeded: <c>step</c> is its hash, <c>durations</c> are milliseconds, the oldest first, in 4 bytes each, little-endian.</summary>
    private static ReadOnlySpan<byte> Version5 =>
        """
        CREATE TABLE timings (
            step INTEGER PRIMARY KEY,
            durations BLOB NOT NULL);
        PRAGMA user_version = 5;
        """u8;

    /// <summary>
    /// Who is told of a run's events, and how far: <c>sequence</c> is the last one a receiver has, and a row is gone when it has the last of the run.
    /// A receiver is named by a hash of its address; one in <c>receivers</c> failed, and is not tried before <c>due_at</c>.
    /// </summary>
    private static ReadOnlySpan<byte> Version6 =>
        """
        CREATE TABLE deliveries (
            receiver TEXT NOT NULL,
            run INTEGER NOT NULL,
            sequence INTEGER NOT NULL DEFAULT 0,
            claimed_until INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (receiver, run)) WITHOUT ROWID;
        CREATE TABLE receivers (
            id TEXT PRIMARY KEY,
            failures INTEGER NOT NULL,
            due_at INTEGER NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = 6;
        """u8;

    /// <summary>Until when a receiver is not tried with a run, because it refused what that holds.</summary>
    private static ReadOnlySpan<byte> Version7 =>
        """
        ALTER TABLE deliveries ADD COLUMN held_until INTEGER NOT NULL DEFAULT 0;
        PRAGMA user_version = 7;
        """u8;

    /// <summary>Opens the store in a folder, making it, or bringing it to this release's version, where needed.</summary>
    /// <exception cref="NewerStoreException">A newer release made it.</exception>
    public static SqliteDatabase Open(string path, TimeSpan busyTimeout)
    {
        if (!File.Exists(path)) Create(path, busyTimeout);
        var database = SqliteDatabase.Open(path, create: false, busyTimeout);
        try
        {
            database.KeepLog();
            if (Version(database) is var version && version < Current)
            {
                BackUp(database, path, version);
                Migrate(database);
            }

            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store for reading; null when there is none.</summary>
    /// <exception cref="NewerStoreException">A newer release made it.</exception>
    public static SqliteDatabase? OpenExisting(string path, TimeSpan busyTimeout) => StoreFolder.Holds(path) ? Open(path, busyTimeout) : null;

    /// <summary>Makes the store under another name first and then gives it its own, if nobody else was faster.</summary>
    /// <remarks>
    /// So no process ever sees a store without tables, and the change to write-ahead logging, which fails rather than waits when two
    /// processes are at it, has no witness.
    /// </remarks>
    private static void Create(string path, TimeSpan busyTimeout)
    {
        PrivateFolder.Create(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.new";
        try
        {
            File.Delete(draft);
            CreatePrivate(draft);
            using (var database = SqliteDatabase.Open(draft, create: true, busyTimeout))
            {
                // So that pruning can give pages back a few at a time, and never has to copy all while others wait.
                database.Execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = MEMORY\0"u8);
                Migrate(database);
                database.Execute("PRAGMA journal_mode = WAL\0"u8);
            }

            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>An empty file is a new database to SQLite, and what it puts beside one gets the file's own permissions.</summary>
    private static void CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    /// <summary>Copies the store as an older release knows it to a file beside it, such as <c>lockstep.db.v2</c>.</summary>
    private static void BackUp(SqliteDatabase database, string path, long version)
    {
        var copy = $"{path}.v{version}";
        if (File.Exists(copy)) return;
        var draft = $"{copy}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.new";
        try
        {
            File.Delete(draft);
            CreatePrivate(draft);
            using (var into = database.Prepare("VACUUM INTO ?1"u8)) into.Bind(1, draft).Run();
            File.Move(draft, copy, overwrite: false);
        }
        catch (IOException) when (File.Exists(copy))
        {
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Migrate(SqliteDatabase database)
    {
        database.Execute("BEGIN IMMEDIATE\0"u8);
        try
        {
            var version = Version(database);
            if (version < 1) database.Execute([.. Version1, 0]);
            if (version < 2) database.Execute([.. Version2, 0]);
            if (version < 3) database.Execute([.. Version3, 0]);
            if (version < 4) database.Execute([.. Version4, 0]);
            if (version < 5) database.Execute([.. Version5, 0]);
            if (version < 6) database.Execute([.. Version6, 0]);
            if (version < 7) database.Execute([.. Version7, 0]);
            database.Execute("COMMIT\0"u8);
        }
        catch
        {
            TryRollback(database);
            throw;
        }
    }

    /// <summary>What a store's tables and indexes are, by name: how each is defined, with one space for each gap.</summary>
    public static Dictionary<string, string> Tables(SqliteDatabase database)
    {
        var tables = new Dictionary<string, string>();
        using var select = database.Prepare("SELECT type || ' ' || name, type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema"u8);
        while (select.Step()) tables[select.Text(0)] = string.Join(' ', select.Text(1).Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return tables;
    }

    /// <summary>The <see cref="Tables"/> of a store that this release makes.</summary>
    public static Dictionary<string, string> TablesOfNew()
    {
        using var database = SqliteDatabase.Open(":memory:", create: true, TimeSpan.Zero);
        Migrate(database);
        return Tables(database);
    }

    private static long Version(SqliteDatabase database)
    {
        var version = database.Integer("PRAGMA user_version"u8);
        return version <= Current ? version : throw new NewerStoreException(version);
    }

    internal static void TryRollback(SqliteDatabase database)
    {
        try
        {
            database.Execute("ROLLBACK\0"u8);
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }
}

/// <summary>A newer release made the store.</summary>
internal sealed class NewerStoreException(long version) : Exception($"it is in format {version} and this release knows formats up to {Schema.Current}");
