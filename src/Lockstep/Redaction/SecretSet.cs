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
    private readonly Node[] _nodes;
    private readonly int[] _fromRoot = new int[256];
    private readonly ulong[] _starts = new ulong[65536 / 64];
    private int _count = 1;

    private SecretSet(string[] secrets)
    {
        _secrets = secrets;
        var forms = new List<byte[]>();
        var most = 1;
        foreach (var secret in secrets)
        {
            foreach (var form in SecretForms.Of(secret))
            {
                forms.Add(form);
                most += form.Length;
            }
        }
        _nodes = new Node[most];
        foreach (var form in forms) Add(form);
        Link();
    }

    /// <summary>No secrets: everything passes as it is.</summary>
    public static SecretSet Empty { get; } = new([]);

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => _count == 1;

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
            if (Child(state, value) is not Root and var next) return next;
            state = _nodes[state].Fallback;
        }
        return _fromRoot[value];
    }

    /// <summary>How long the longest form is that ends in this state; 0 for none.</summary>
    internal int Match(int state) => _nodes[state].Match;

    /// <summary>How many of the last bytes may yet turn out to be the beginning of a form.</summary>
    internal int Open(int state) => _nodes[state].Open;

    /// <summary>The state that a byte leads to from one that is not the root; the root for none.</summary>
    private int Child(int state, byte value)
    {
        var child = _nodes[state].FirstChild;
        while (child != Root && _nodes[child].Value != value) child = _nodes[child].NextSibling;
        return child;
    }

    private void Add(byte[] form)
    {
        _starts[form[0] << 2 | form[1] >> 6] |= 1UL << (form[1] & 63);
        var state = Root;
        foreach (var value in form)
        {
            var next = state == Root ? _fromRoot[value] : Child(state, value);
            if (next == Root)
            {
                next = _count++;
                _nodes[next] = new() { Value = value, Depth = _nodes[state].Depth + 1, NextSibling = _nodes[state].FirstChild };
                _nodes[state].FirstChild = next;
                if (state == Root) _fromRoot[value] = next;
                else _nodes[state].Open = _nodes[state].Depth;
            }
            state = next;
        }
        _nodes[state].Match = form.Length;
    }

    /// <summary>Sets each state's fallback: the state of its longest proper end that begins a form. Shallow states come first.</summary>
    private void Link()
    {
        var order = new int[_count];
        var count = 1;
        for (var i = 0; i < count; i++)
        {
            var state = order[i];
            for (var next = _nodes[state].FirstChild; next != Root; next = _nodes[next].NextSibling)
            {
                order[count++] = next;
                ref var node = ref _nodes[next];
                if (state != Root) node.Fallback = Step(_nodes[state].Fallback, node.Value);
                ref readonly var fallback = ref _nodes[node.Fallback];
                if (node.Match == 0) node.Match = fallback.Match;
                if (node.Open == 0) node.Open = fallback.Open;
            }
        }
    }

    /// <summary>A state: its children are a list, so that it takes the same few bytes however many there are.</summary>
    private struct Node
    {
        public int FirstChild;
        public int NextSibling;
        public int Fallback;
        public int Match;
        public int Open;
        public int Depth;
        public byte Value;
    }
}
