using System.Text;
using System.Text.Unicode;
using Lockstep.Source;

namespace Lockstep.Commands.Parsing;

/// <summary>Turns a file's bytes into text.</summary>
internal static class Utf8Text
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Decodes all of them; the first byte that is not UTF-8 and the first NUL are reported, and the former replaced.</summary>
    public static SourceText Decode(string path, ReadOnlySpan<byte> bytes, DiagnosticBag bag)
    {
        if (bytes.StartsWith(ByteOrderMark)) bytes = bytes[ByteOrderMark.Length..];
        var source = new SourceText(path, Encoding.UTF8.GetString(bytes));
        if (!Utf8.IsValid(bytes)) ReportInvalid(source, bytes, bag);
        var nul = source.Text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0) bag.Add(SyntaxDiagnostics.Nul(source, new Span(nul, 1)));
        return source;
    }

    private static void ReportInvalid(SourceText source, ReadOnlySpan<byte> bytes, DiagnosticBag bag)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            bytes = bytes[length..];
            offset += rune.Utf16SequenceLength;
        }
        bag.Add(SyntaxDiagnostics.NotUtf8(source, new Span(offset, 1), bytes[0]));
    }
}
