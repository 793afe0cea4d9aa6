using System.Globalization;
using System.Text;

namespace Lockstep.Source;

/// <summary>Shows diagnostics the way a terminal wants them: place, message, the source line with a caret, and what to write instead.</summary>
public static class DiagnosticWriter
{
    private const int LineWidth = 100;
    private const int TabWidth = 4;
    private const string Bold = "\e[1m", Red = "\e[1;31m", Yellow = "\e[1;33m", Grey = "\e[90m", Cyan = "\e[36m", Plain = "\e[0m";

    /// <summary>Writes one diagnostic, each line ended by a newline. A source line over 100 columns is cut around the caret.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="diagnostic">What to show.</param>
    /// <param name="color">Whether to use the terminal's colours; off unless said otherwise.</param>
    public static void Write(TextWriter writer, Diagnostic diagnostic, bool color = false)
    {
        var place = diagnostic.Source.PositionAt(diagnostic.Span.Start);
        var (word, tint) = diagnostic.Severity == Severity.Error ? ("error", Red) : ("warning", Yellow);
        Paint(writer, Bold, $"{diagnostic.Source.Path}:{place.Line}:{place.Column}: ", color);
        Paint(writer, tint, $"{word} {diagnostic.Id}: ", color);
        Paint(writer, Bold, diagnostic.Message, color);
        writer.Write('\n');
        WriteLine(writer, diagnostic.Source, diagnostic.Caret ?? diagnostic.Span.Start, tint, color);
        if (diagnostic.Related is var (message, span))
        {
            var related = diagnostic.Source.PositionAt(span.Start);
            Paint(writer, Cyan, "  note: ", color);
            writer.Write($"{message}: {diagnostic.Source.Path}:{related.Line}:{related.Column}\n");
            WriteLine(writer, diagnostic.Source, span.Start, Cyan, color);
        }
        Paint(writer, Cyan, "  help: ", color);
        writer.Write($"{diagnostic.Help}\n");
    }

    /// <summary>Writes several, one after the other.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="diagnostics">What to show.</param>
    /// <param name="color">Whether to use the terminal's colours; off unless said otherwise.</param>
    public static void Write(TextWriter writer, IEnumerable<Diagnostic> diagnostics, bool color = false)
    {
        foreach (var diagnostic in diagnostics) Write(writer, diagnostic, color);
    }

    private static void WriteLine(TextWriter writer, SourceText source, int offset, string tint, bool color)
    {
        var place = source.PositionAt(offset);
        var (text, caret) = Window(source.Line(place.Line), place.Column - 1);
        var number = place.Line.ToString(CultureInfo.InvariantCulture);
        Paint(writer, Grey, $"  {number} |", color);
        writer.Write(text.Length == 0 ? "\n" : $" {text}\n");
        Paint(writer, Grey, $"  {new string(' ', number.Length)} |", color);
        writer.Write(new string(' ', caret + 1));
        Paint(writer, tint, "^", color);
        writer.Write('\n');
    }

    /// <summary>What of a line is shown, and the terminal's column of the caret in it.</summary>
    private static (string Text, int Caret) Window(ReadOnlySpan<char> line, int column)
    {
        column = Math.Min(column, line.Length);
        var start = Math.Max(0, column - LineWidth / 2);
        if (line.Length <= LineWidth) start = 0;
        if (start > 0 && char.IsLowSurrogate(line[start])) start--;
        var end = Math.Min(line.Length, start + LineWidth);
        if (end < line.Length && char.IsLowSurrogate(line[end])) end--;

        var builder = new StringBuilder(LineWidth + 2);
        var width = 0;
        var caret = 0;
        if (start > 0) Append("…", 1);
        for (var at = start; at < end;)
        {
            if (at <= column) caret = width;
            var known = Rune.DecodeFromUtf16(line[at..end], out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (rune.Value == '\t') Append(new string(' ', TabWidth - width % TabWidth), TabWidth - width % TabWidth);
            else if (!known || Rune.IsControl(rune)) Append("\uFFFD", 1);
            else Append(line.Slice(at, length), WidthOf(rune));
            at += length;
        }
        if (column >= end) caret = width;
        if (end < line.Length) Append("…", 1);
        return (builder.ToString().TrimEnd(), caret);

        void Append(ReadOnlySpan<char> text, int columns)
        {
            builder.Append(text);
            width += columns;
        }
    }

    private static int WidthOf(Rune rune)
    {
        if (rune.Value < 0x300) return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) return 0;
        return rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
            or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD
            ? 2 : 1;
    }

    private static void Paint(TextWriter writer, string tint, string text, bool color)
        => writer.Write(color ? $"{tint}{text}{Plain}" : text);
}
