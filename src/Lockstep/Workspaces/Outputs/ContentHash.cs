using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lockstep.Workspaces.Outputs;

/// <summary>SHA-256 of files of any size, 128 KiB at a time, and of lists of texts. The platform's: fast, for there may be gigabytes.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[128 * 1024];

    /// <summary>A content's hash as 64 lower-case hexadecimal digits, while it is also written to <paramref name="copy"/>.</summary>
    public string OfStream(Stream content, Stream? copy, CancellationToken cancel)
    {
        while (content.Read(_buffer) is > 0 and var read)
        {
            cancel.ThrowIfCancellationRequested();
            _hash.AppendData(_buffer, 0, read);
            copy?.Write(_buffer, 0, read);
        }

        return Finish();
    }

    /// <summary>Adds a text to a list; its length goes before it, so that no two lists hash the same.</summary>
    public void Append(string text)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }

    /// <summary>The hash of the list, and the start of a new one.</summary>
    public string Finish()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        return Convert.ToHexStringLower(hash);
    }

    public void Dispose() => _hash.Dispose();
}
