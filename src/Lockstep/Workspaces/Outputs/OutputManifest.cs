using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Workspaces.Outputs;

/// <summary>An output as it is kept.</summary>
/// <param name="Path">Relative to the step's folder.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Mode">A file's permission bits.</param>
/// <param name="Length">A file's length.</param>
/// <param name="Content">A file's hash, a link's target, nothing for a folder.</param>
internal readonly record struct KeptOutput(string Path, FoundKind Kind, UnixFileMode Mode, long Length, string Content);

/// <summary>The outputs of one result, or the inputs of the last: a list in a file that ends with its own SHA-256.</summary>
internal static class OutputManifest
{
    private const string FirstWord = "lockstep outputs 1";

    /// <summary>The bytes of a list of outputs.</summary>
    public static byte[] Write(IReadOnlyCollection<KeptOutput> outputs) => Seal(outputs, (writer, output) =>
    {
        writer.Write((byte)output.Kind);
        writer.Write((short)output.Mode);
        writer.Write(output.Length);
        writer.Write(output.Path);
        writer.Write(output.Content);
    });

    /// <summary>The bytes of a list of inputs.</summary>
    public static byte[] Write(IReadOnlyCollection<InputStamp> inputs) => Seal(inputs, (writer, input) =>
    {
        writer.Write(input.Path);
        writer.Write(input.Hash);
    });

    /// <summary>The outputs in a file; null when it is missing or damaged.</summary>
    public static ImmutableArray<KeptOutput>? ReadOutputs(string path) => Open(path, reader =>
    {
        var kind = (FoundKind)reader.ReadByte();
        var mode = (UnixFileMode)reader.ReadInt16();
        var length = reader.ReadInt64();
        return new KeptOutput(reader.ReadString(), kind, mode, length, reader.ReadString());
    });

    /// <summary>The inputs in a file; null when it is missing or damaged.</summary>
    public static ImmutableArray<InputStamp>? ReadInputs(string path)
        => Open(path, reader => new InputStamp(reader.ReadString(), reader.ReadString(), 0, default));

    private static byte[] Seal<T>(IReadOnlyCollection<T> items, Action<BinaryWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(FirstWord);
        writer.Write(items.Count);
        foreach (var item in items) write(writer, item);
        writer.Flush();
        bytes.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return bytes.ToArray();
    }

    private static ImmutableArray<T>? Open<T>(string path, Func<BinaryReader, T> read)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            var end = bytes.Length - SHA256.HashSizeInBytes;
            if (end < 0 || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end))) return null;
            using var reader = new BinaryReader(new MemoryStream(bytes, 0, end), Encoding.UTF8);
            if (reader.ReadString() != FirstWord) return null;
            var items = ImmutableArray.CreateBuilder<T>(reader.ReadInt32());
            for (var i = items.Capacity; i > 0; i--) items.Add(read(reader));
            return items.MoveToImmutable();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
