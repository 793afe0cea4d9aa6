using System.Reflection;
using System.Runtime.InteropServices;

namespace Lockstep.Sqlite.Binding;

/// <summary>The part of SQLite's C interface that the store uses, and where the library comes from.</summary>
/// <remarks>
/// The native program has SQLite linked in (<c>DirectPInvoke</c> in the program's project), which starts faster than any library that must be
/// found and mapped. Elsewhere the platform looks for <c>sqlite3</c>, and where it finds none <see cref="Locate"/> says what else it may be
/// called: the system's library first, because the package's was built without <c>usleep</c> and waits a second where others wait a
/// microsecond, while another process opens the store. Only what SQLite 3.35 knows is used, the package's version.
/// </remarks>
internal static unsafe partial class SqliteNative
{
    public const int Row = 100;
    public const int Done = 101;

    public const int OpenReadWrite = 0x2;
    public const int OpenCreate = 0x4;

    /// <summary>One thread at a time uses a connection, so SQLite need not lock it.</summary>
    public const int OpenNoMutex = 0x8000;

    public const uint PreparePersistent = 0x1;
    public const int TypeNull = 5;
    public const int ControlPersistWal = 10;
    public const int CheckpointTruncate = 3;
    public const int ConfigNoCheckpointOnClose = 1006;

    /// <summary>SQLite copies what is bound before the call returns.</summary>
    public const nint Transient = -1;

    private const string Library = "sqlite3";

    private static int _resolverIsSet;

    /// <summary>Makes the library findable where the platform alone did not find it.</summary>
    /// <remarks>Not before: the native program needs it never, and it takes as long as to open a database.</remarks>
    public static void Locate()
    {
        if (Interlocked.Exchange(ref _resolverIsSet, 1) == 0) NativeLibrary.SetDllImportResolver(typeof(SqliteNative).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library) return 0;
        ReadOnlySpan<string> candidates = ["libsqlite3.so.0", "libsqlite3.dylib", "e_sqlite3", Library];
        foreach (var candidate in candidates)
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out var library)) return library;
        return 0;
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_open_v2")]
    public static partial int Open(byte* path, out nint database, int flags, byte* fileSystem);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    public static partial int Close(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_interrupt")]
    public static partial void Interrupt(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    public static partial byte* ErrorMessage(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_errstr")]
    public static partial byte* ErrorText(int code);

    [LibraryImport(Library, EntryPoint = "sqlite3_extended_errcode")]
    public static partial int ExtendedErrorCode(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_busy_handler")]
    public static partial int OnBusy(nint database, delegate* unmanaged[Cdecl]<nint, int, int> handler, nint argument);

    [LibraryImport(Library, EntryPoint = "sqlite3_wal_hook")]
    public static partial nint OnCommit(nint database, delegate* unmanaged[Cdecl]<int*, nint, byte*, int, int> hook, int* argument);

    [LibraryImport(Library, EntryPoint = "sqlite3_wal_checkpoint_v2")]
    public static partial int Checkpoint(nint database, byte* schema, int mode, int* logged, int* copied);

    [LibraryImport(Library, EntryPoint = "sqlite3_file_control")]
    public static partial int FileControl(nint database, byte* schema, int operation, int* argument);

    /// <remarks>
    /// Takes variable arguments in C. Linux passes them where it passes others; macOS on ARM does not, so the call is not made there.
    /// </remarks>
    [LibraryImport(Library, EntryPoint = "sqlite3_db_config")]
    public static partial int Configure(nint database, int option, int value, int* effective);

    [LibraryImport(Library, EntryPoint = "sqlite3_exec")]
    public static partial int Execute(nint database, byte* sql, nint callback, nint argument, nint message);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v3")]
    public static partial int Prepare(nint database, byte* sql, int bytes, uint flags, out nint statement, nint tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    public static partial int Finish(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    public static partial int BindInteger(nint statement, int parameter, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(nint statement, int parameter, byte* text, int bytes, nint lifetime);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(nint statement, int parameter, byte* content, int bytes, nint lifetime);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null")]
    public static partial int BindNull(nint statement, int parameter);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    public static partial long ColumnInteger(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    public static partial byte* ColumnBytes(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    public static partial int ColumnByteCount(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_last_insert_rowid")]
    public static partial long LastInsertedRow(nint database);
}
