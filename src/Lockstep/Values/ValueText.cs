using System.Text;

namespace Lockstep.Values;

/// <summary>Bytes from outside as a value's text.</summary>
internal static class ValueText
{
    /// <summary>The most a value from outside may hold: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The text of UTF-8 bytes, without a byte order mark; null when they are not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
                .GetString(bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Reads a stream to its end, or to one byte more than is allowed; <paramref name="expected"/> bytes take one read.</summary>
    public static ReadOnlyMemory<byte> ReadUpToLimit(Stream stream, long expected)
    {
        var buffer = new byte[Math.Clamp(expected + 1, 512, MaxBytes + 1)];
        var filled = 0;
        while (true)
        {
            var read = stream.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            if (read == 0 || filled > MaxBytes) return buffer.AsMemory(0, filled);
            if (filled == buffer.Length) Array.Resize(ref buffer, Math.Min(4 * buffer.Length, MaxBytes + 1));
        }
    }
}
