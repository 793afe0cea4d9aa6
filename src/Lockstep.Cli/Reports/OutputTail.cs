using System.Text;

namespace Lockstep.Cli.Reports;

/// <summary>The end of a step's output, in bounded memory.</summary>
internal sealed class OutputTail(int capacity)
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>How much came in all.</summary>
    public long Total { get; private set; }

    public bool IsEmpty => _length == 0;

    /// <summary>Whether the beginning is gone.</summary>
    public bool Cut => Total > _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Add(ReadOnlySpan<byte> more)
    {
        Total += more.Length;
        if (more.Length >= capacity)
        {
            Reserve(capacity);
            more[^capacity..].CopyTo(_bytes);
            _length = capacity;
            return;
        }
        if (_length + more.Length > capacity) Drop(Math.Max(_length + more.Length - capacity, capacity / 2));
        Reserve(_length + more.Length);
        more.CopyTo(_bytes.AsSpan(_length));
        _length += more.Length;
    }

    /// <summary>The last lines, at most <paramref name="count"/>, as text without escapes.</summary>
    public List<string> LastLines(int count)
    {
        var lines = new List<string>(count);
        var end = _length;
        while (end > 0 && lines.Count < count)
        {
            if (_bytes[end - 1] == '\n') end--;
            var start = _bytes.AsSpan(0, end).LastIndexOf((byte)'\n') + 1;
            var line = _bytes.AsSpan(start, end - start);

            // Of what a progress bar wrote over itself, the last state is the one to see.
            line = line.TrimEnd((byte)'\r');
            line = line[(line.LastIndexOf((byte)'\r') + 1)..];
            lines.Add(Terminal.TextWidth.Printable(Encoding.UTF8.GetString(line)));
            end = start;
        }
        lines.Reverse();
        return lines;
    }

    private void Drop(int count)
    {
        count = Math.Min(count, _length);
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }

    private void Reserve(int wanted)
    {
        if (_bytes.Length >= wanted) return;
        Array.Resize(ref _bytes, Math.Min(capacity, Math.Max(wanted, Math.Max(256, _bytes.Length * 2))));
    }
}
