using System.Text;

namespace Lockstep.Redaction;

/// <summary>
/// Secrets to look for in bytes: an Aho-Corasick automaton over all their forms, with the first two bytes of every form in a bitmap, so
/// that ordinary text is passed over without entering it. Never changes; shared by all streams.
/// </summary>
internal sealed class SecretSet
{
    private const int Root = 0;

    private readonly string[] _secrets;
    private readonly Dictionary<int, int> _next = [];
    private readonly List<int> _fallback = [Root];
    private readonly List<int> _depth = [0];
    private readonly List<int> _match = [0];
    private readonly List<int> _open = [0];
    private readonly int[] _fromRoot = new int[256];
    private readonly ulong[] _starts = new ulong[65536 / 64];

    private SecretSet(string[] secrets)
    {
        _secrets = secrets;
        foreach (var secret in secrets)
            foreach (var form in SecretForms.Of(secret)) Add(form);
        Link();
    }

    /// <summary>No secrets: everything passes as it is.</summary>
    public static SecretSet Empty { get; } = new([]);

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => _depth.Count == 1;

    /// <summary>A set of these values; those shorter than 4 characters, or all blank, are left out, as they would match by chance everywhere.</summary>
    public static SecretSet Of(IEnumerable<string> secrets) => Empty.With(secrets);

    /// <summary>This set and more values; this set itself when it holds them all.</summary>
    public SecretSet With(IEnumerable<string> secrets)
    {
        var all = new SortedSet<string>(_secrets, StringComparer.Ordinal);
        foreach (var secret in secrets)
            if (secret.Length >= SecretForms.ShortestSecret && !string.IsNullOrWhiteSpace(secret)) all.Add(secret);
        return all.Count == _secrets.Length ? this : new([.. all]);
    }

    /// <summary>Text with every form of every secret replaced by <c>&lt;redacted&gt;</c>; the same object when there is none.</summary>
    public string Redact(string text)
    {
        if (IsEmpty || text.Length == 0) return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var redacted = new MemoryStream(bytes.Length);
        var stream = new StreamRedactor(this, part => redacted.Write(part));
        stream.Write(bytes);
        stream.Complete();
        return stream.HasRedacted ? Encoding.UTF8.GetString(redacted.GetBuffer(), 0, (int)redacted.Length) : text;
    }

    /// <summary>From where on a match can begin, while the automaton stands at its root.</summary>
    internal int Skip(ReadOnlySpan<byte> bytes, int from)
    {
        var last = bytes.Length - 1;
        while (from < last)
        {
            var pair = bytes[from] << 8 | bytes[from + 1];
            if ((_starts[pair >> 6] >> (pair & 63) & 1) != 0) return from;
            from++;
        }
        return from;
    }

    /// <summary>The state after one more byte.</summary>
    internal int Step(int state, byte value)
    {
        while (state != Root)
        {
            if (_next.TryGetValue(state << 8 | value, out var next)) return next;
            state = _fallback[state];
        }
        return _fromRoot[value];
    }

    /// <summary>How long the longest form is that ends in this state; 0 for none.</summary>
    internal int Match(int state) => _match[state];

    /// <summary>How many of the last bytes may yet turn out to be the beginning of a form.</summary>
    internal int Open(int state) => _open[state];

    private void Add(byte[] form)
    {
        _starts[form[0] << 2 | form[1] >> 6] |= 1UL << (form[1] & 63);
        var state = Root;
        foreach (var value in form)
        {
            if (!_next.TryGetValue(state << 8 | value, out var next))
            {
                next = _depth.Count;
                _depth.Add(_depth[state] + 1);
                _fallback.Add(Root);
                _match.Add(0);
                _open.Add(0);
                _next.Add(state << 8 | value, next);
                if (state == Root) _fromRoot[value] = next;
                else _open[state] = _depth[state];
            }
            state = next;
        }
        _match[state] = form.Length;
    }

    /// <summary>Sets each state's fallback: the state of its longest proper end that begins a form. Shallow states come first.</summary>
    private void Link()
    {
        var edges = new (int State, byte Value, int Next)[_next.Count];
        var count = 0;
        foreach (var (key, next) in _next) edges[count++] = (key >> 8, (byte)key, next);
        Array.Sort(edges, (left, right) => _depth[left.Next].CompareTo(_depth[right.Next]));
        foreach (var (state, value, next) in edges)
        {
            if (state != Root) _fallback[next] = Step(_fallback[state], value);
            var fallback = _fallback[next];
            if (_match[next] == 0) _match[next] = _match[fallback];
            if (_open[next] == 0) _open[next] = _open[fallback];
        }
    }
}
