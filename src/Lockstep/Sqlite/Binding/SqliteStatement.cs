using System.Buffers;
using System.Text;

namespace Lockstep.Sqlite.Binding;

/// <summary>A prepared statement. Parameters count from 1 and keep their values; columns count from 0 and are valid until the next step.</summary>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private readonly SqliteDatabase _database;
    private nint _handle;

    public SqliteStatement(SqliteDatabase database, nint handle)
    {
        _database = database;
        _handle = handle;
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        _database.Check(SqliteNative.BindInteger(_handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? text)
    {
        if (text is null)
        {
            _database.Check(SqliteNative.BindNull(_handle, parameter));
            return this;
        }

        var room = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (room <= 512)
        {
            Span<byte> few = stackalloc byte[512];
            return BindText(parameter, few[..Encoding.UTF8.GetBytes(text, few)]);
        }

        var many = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            return BindText(parameter, many.AsSpan(0, Encoding.UTF8.GetBytes(text, many)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(many);
        }
    }

    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        byte nothing = 0;
        fixed (byte* text = utf8)
            _database.Check(SqliteNative.BindText(_handle, parameter, text == null ? &nothing : text, utf8.Length, SqliteNative.Transient));
        return this;
    }

    public SqliteStatement BindBlob(int parameter, ReadOnlySpan<byte> content)
    {
        byte nothing = 0;
        fixed (byte* bytes = content)
            _database.Check(SqliteNative.BindBlob(_handle, parameter, bytes == null ? &nothing : bytes, content.Length, SqliteNative.Transient));
        return this;
    }

    /// <summary>Goes to the next row; false, and ready to run again, when there is none.</summary>
    public bool Step()
    {
        var result = SqliteNative.Step(_handle);
        if (result == SqliteNative.Row) return true;
        try
        {
            _database.Check(result);
        }
        finally
        {
            Reset();
        }

        return false;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run()
    {
        while (Step()) { }
    }

    /// <summary>Makes it ready to run again, and ends its read of the database, before its last row was reached.</summary>
    public void Reset() => _ = SqliteNative.Reset(_handle);

    public bool IsNull(int column) => SqliteNative.ColumnType(_handle, column) == SqliteNative.TypeNull;

    public long Integer(int column) => SqliteNative.ColumnInteger(_handle, column);

    /// <summary>A text or blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        var start = SqliteNative.ColumnBytes(_handle, column);
        return new ReadOnlySpan<byte>(start, SqliteNative.ColumnByteCount(_handle, column));
    }

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public void Dispose()
    {
        if (_handle != 0) _ = SqliteNative.Finish(_handle);
        _handle = 0;
    }
}
