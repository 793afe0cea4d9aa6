using System.Buffers;

namespace Lockstep.Cli.Reports;

/// <summary>Turns a step's bytes into whole lines with its label before each.</summary>
internal sealed class LineBuffer(byte[] prefix)
{
    private const int Longest = 1 << 20;
    private readonly ArrayBufferWriter<byte> _partial = new();

    /// <summary>Takes bytes; gives the lines that are whole now, in one piece.</summary>
    public void Write(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> lines)
    {
        var last = bytes.LastIndexOf((byte)'\n');
        if (last < 0)
        {
            _partial.Write(bytes);
            if (_partial.WrittenCount > Longest) Complete(lines);
            return;
        }
        var whole = bytes[..(last + 1)];
        while (whole.Length > 0)
        {
            var end = whole.IndexOf((byte)'\n') + 1;
            lines.Write(prefix);
            lines.Write(_partial.WrittenSpan);
            lines.Write(whole[..end]);
            _partial.ResetWrittenCount();
            whole = whole[end..];
        }
        _partial.Write(bytes[(last + 1)..]);
    }

    /// <summary>Ends a line that has no end of its own.</summary>
    public void Complete(ArrayBufferWriter<byte> lines)
    {
        if (_partial.WrittenCount == 0) return;
        lines.Write(prefix);
        lines.Write(_partial.WrittenSpan);
        lines.Write("\n"u8);
        _partial.ResetWrittenCount();
    }
}
