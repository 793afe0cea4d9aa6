using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lockstep.Sqlite.Binding;

/// <summary>What SQLite refused, with its own code and words.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    public const int Busy = 5;
    public const int Locked = 6;
    public const int ReadOnly = 8;
    public const int InputOutput = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int Constraint = 19;
    public const int NotADatabase = 26;

    /// <summary>The primary result code.</summary>
    public int Code => ExtendedCode & 0xff;

    /// <summary>Whether another process holds a lock, and held it for as long as was waited.</summary>
    public bool IsBusy => Code is Busy or Locked;

    public int ExtendedCode { get; } = code;
}

/// <summary>One connection, used by one thread at a time. Close it after its statements.</summary>
internal sealed unsafe class SqliteDatabase : IDisposable
{
    private static readonly ManualResetEventSlim _never = new();

    private nint _handle;
    private int* _logPages;

    private SqliteDatabase(nint handle) => _handle = handle;

    /// <summary>The pages in the write-ahead log at this connection's latest commit; 0 before it, and without <see cref="KeepLog"/>.</summary>
    public int LogPages => _logPages == null ? 0 : *_logPages;

    public long LastInsertedRow => SqliteNative.LastInsertedRow(_handle);

    /// <summary>Opens a database; waits up to <paramref name="busyTimeout"/> wherever another process holds a lock.</summary>
    public static SqliteDatabase Open(string path, bool create, TimeSpan busyTimeout)
    {
        var flags = SqliteNative.OpenReadWrite | SqliteNative.OpenNoMutex | (create ? SqliteNative.OpenCreate : 0);
        fixed (byte* utf8 = Terminated(path))
        {
            var result = Open(utf8, flags, out var handle);
            var database = new SqliteDatabase(handle);
            try
            {
                database.Check(result);
                database.WaitFor(busyTimeout);
                return database;
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
    }

    /// <summary>How long to wait from now on wherever another process holds a lock.</summary>
    public void WaitFor(TimeSpan busyTimeout) => Check(SqliteNative.OnBusy(_handle, &WaitForLock, (nint)busyTimeout.TotalMilliseconds));

    /// <summary>Keeps the write-ahead log's file, and leaves its pages in it, when the last connection closes; the log is copied when asked.</summary>
    /// <remarks>
    /// Writing over a file costs half as much as making it grow, and copying pages at the end of each short run would double the run's cost.
    /// </remarks>
    public void KeepLog()
    {
        if (_logPages != null) return;
        _logPages = (int*)NativeMemory.AllocZeroed(sizeof(int));
        _ = SqliteNative.OnCommit(_handle, &Committed, _logPages);
        var on = 1;
        fixed (byte* main = "main\0"u8) Check(SqliteNative.FileControl(_handle, main, SqliteNative.ControlPersistWal, &on));
        if (!OperatingSystem.IsMacOS()) Check(SqliteNative.Configure(_handle, SqliteNative.ConfigNoCheckpointOnClose, 1, null));
    }

    /// <summary>Copies what is in the write-ahead log and no reader needs any more; the next commit writes over it, if that was all.</summary>
    public void CopyLog()
    {
        var result = SqliteNative.Checkpoint(_handle, null, mode: 0, null, null);
        if ((result & 0xff) is not (SqliteException.Busy or SqliteException.Locked)) Check(result);
    }

    /// <summary>Copies the write-ahead log and makes its file empty, unless another process is in the way.</summary>
    public void TruncateLog()
    {
        // A connection that has read nothing yet does not know of the log.
        _ = Integer("PRAGMA schema_version"u8);
        var result = SqliteNative.Checkpoint(_handle, null, SqliteNative.CheckpointTruncate, null, null);
        if ((result & 0xff) is not (SqliteException.Busy or SqliteException.Locked)) Check(result);
    }

    /// <summary>Ends the statement that runs now, which then throws. From any thread, as long as this is open.</summary>
    public void Interrupt() => SqliteNative.Interrupt(_handle);

    /// <summary>Runs statements without parameters or rows.</summary>
    /// <param name="sql">The statements, ended by a zero byte.</param>
    public void Execute(ReadOnlySpan<byte> sql)
    {
        fixed (byte* text = sql) Check(SqliteNative.Execute(_handle, text, 0, 0, 0));
    }

    public SqliteStatement Prepare(ReadOnlySpan<byte> sql)
    {
        fixed (byte* text = sql)
        {
            Check(SqliteNative.Prepare(_handle, text, sql.Length, SqliteNative.PreparePersistent, out var statement, 0));
            return new SqliteStatement(this, statement);
        }
    }

    /// <summary>The one number a statement gives.</summary>
    public long Integer(ReadOnlySpan<byte> sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    public void Check(int result)
    {
        if (result is 0 or SqliteNative.Row or SqliteNative.Done) return;
        if (_handle == 0) throw new SqliteException(result, Text(SqliteNative.ErrorText(result)));
        throw new SqliteException(SqliteNative.ExtendedErrorCode(_handle), Text(SqliteNative.ErrorMessage(_handle)));
    }

    public void Dispose()
    {
        if (_handle != 0) _ = SqliteNative.Close(_handle);
        _handle = 0;
        NativeMemory.Free(_logPages);
        _logPages = null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Committed(int* logPages, nint database, byte* schema, int pages)
    {
        *logPages = pages;
        return 0;
    }

    /// <summary>Asked by SQLite when another process holds a lock: waits a little and says whether to try again.</summary>
    /// <remarks>SQLite's locks can only be tried. Its own handler waits whole seconds where it was built without <c>usleep</c>.</remarks>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int WaitForLock(nint limit, int tried)
    {
        const int longest = 20;
        var wait = Math.Min(tried + 1, longest);
        var waited = tried < longest ? tried * (tried + 1) / 2 : (longest * (longest + 1) / 2) + ((tried - longest) * longest);
        if (waited >= limit) return 0;
        _never.Wait(wait);
        return 1;
    }

    private static int Open(byte* path, int flags, out nint handle)
    {
        try
        {
            return SqliteNative.Open(path, out handle, flags, null);
        }
        catch (DllNotFoundException)
        {
            SqliteNative.Locate();
            return SqliteNative.Open(path, out handle, flags, null);
        }
    }

    private static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";

    private static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
