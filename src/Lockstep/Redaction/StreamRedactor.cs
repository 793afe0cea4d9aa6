namespace Lockstep.Redaction;

/// <summary>Takes bytes that may be shown.</summary>
/// <param name="bytes">Valid only during the call.</param>
internal delegate void ByteSink(ReadOnlySpan<byte> bytes);

/// <summary>
/// Replaces secrets in a stream of bytes by <c>&lt;redacted&gt;</c>, wherever the stream is cut into buffers. What can't be the beginning of a
/// secret is passed on within the same call. Secrets that overlap are replaced as one.
/// </summary>
internal sealed class StreamRedactor(SecretSet secrets, ByteSink sink)
{
    /// <summary>Found and not yet replaced: apart from each other, in order.</summary>
    private readonly List<(long From, long To)> _found = [];
    private byte[] _held = [];
    private int _heldCount;
    private int _state;
    private long _position;
    private long _shown;
    private long _hiddenTo;

    private static ReadOnlySpan<byte> Redacted => "<redacted>"u8;

    /// <summary>Whether anything was replaced so far.</summary>
    public bool HasRedacted { get; private set; }

    /// <summary>Takes the next bytes, and passes on what is decided.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (secrets.IsEmpty)
        {
            sink(bytes);
            return;
        }

        var start = _position;
        var state = _state;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (state == 0) i = secrets.Skip(bytes, i);
            state = secrets.Step(state, bytes[i]);
            if (state != 0 && secrets.Match(state) is > 0 and var length) Found(start + i + 1 - length, start + i + 1);
        }
        _state = state;
        _position = start + bytes.Length;
        Show(bytes, _position - secrets.Open(state));
    }

    /// <summary>Passes on what was held back. The stream may begin anew after it.</summary>
    public void Complete()
    {
        if (secrets.IsEmpty) return;
        Show([], _position);
        _state = 0;
    }

    private void Found(long from, long to)
    {
        HasRedacted = true;
        while (_found.Count > 0 && _found[^1].To > from)
        {
            from = Math.Min(from, _found[^1].From);
            _found.RemoveAt(_found.Count - 1);
        }
        _found.Add((from, to));
    }

    /// <summary>Passes on everything before <paramref name="decided"/>, and holds the rest of the bytes just read.</summary>
    private void Show(ReadOnlySpan<byte> bytes, long decided)
    {
        var done = 0;
        for (; done < _found.Count && _found[done].From < decided; done++)
        {
            var (from, to) = _found[done];

            // One that overlaps a secret already replaced only makes that longer.
            if (from >= _hiddenTo)
            {
                Pass(bytes, from);
                sink(Redacted);
            }
            _shown = _hiddenTo = Math.Max(_hiddenTo, to);
        }
        _found.RemoveRange(0, done);
        Pass(bytes, decided);
        Hold(bytes);
    }

    private void Pass(ReadOnlySpan<byte> bytes, long to)
    {
        if (to <= _shown) return;
        var heldStart = _position - bytes.Length - _heldCount;
        var newStart = _position - bytes.Length;
        if (_shown < newStart)
        {
            var end = Math.Min(to, newStart);
            sink(_held.AsSpan((int)(_shown - heldStart), (int)(end - _shown)));
            _shown = end;
        }
        if (_shown < to)
        {
            sink(bytes[(int)(_shown - newStart)..(int)(to - newStart)]);
            _shown = to;
        }
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        var count = (int)(_position - _shown);
        var keep = Math.Max(0, count - bytes.Length);
        if (count > _held.Length) Array.Resize(ref _held, Math.Max(count, 256));
        _held.AsSpan(_heldCount - keep, keep).CopyTo(_held);
        bytes[^(count - keep)..].CopyTo(_held.AsSpan(keep));
        _heldCount = count;
    }
}
