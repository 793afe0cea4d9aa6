using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Lockstep.Processes;

/// <summary>An environment that never changes; what the operating system needs of it is built at its first start and shared by all.</summary>
internal sealed class EnvironmentBlock
{
    private readonly Dictionary<string, string> _variables;
    private nint[]? _pointers;
    private byte[]? _text;
    private EnvironmentBlock? _elsewhere;

    private EnvironmentBlock(Dictionary<string, string> variables) => _variables = variables;

    /// <summary>An environment that holds nothing.</summary>
    public static EnvironmentBlock Empty { get; } = new(new(StringComparer.Ordinal));

    /// <summary>All variables, in no order.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>A variable's value; null when it is not set.</summary>
    public string? this[string name] => _variables.GetValueOrDefault(name);

    /// <summary>This process's environment as it is now.</summary>
    public static EnvironmentBlock OfThisProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return new(variables);
    }

    /// <summary>An environment of exactly these variables; of two with one name the later counts.</summary>
    /// <exception cref="ArgumentException">As <see cref="With(string, string)"/>.</exception>
    public static EnvironmentBlock Of(IEnumerable<KeyValuePair<string, string>> variables) => Empty.With(variables);

    /// <summary>This environment with a variable added or replaced.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds <c>=</c> or NUL, or the value holds NUL.</exception>
    public EnvironmentBlock With(string name, string value) => With([new(name, value)]);

    /// <summary>This environment with variables added or replaced.</summary>
    /// <exception cref="ArgumentException">As <see cref="With(string, string)"/>.</exception>
    public EnvironmentBlock With(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var copy = new Dictionary<string, string>(_variables, StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            Check(name, value);
            copy[name] = value;
        }
        return new(copy);
    }

    /// <summary>This environment without a variable.</summary>
    public EnvironmentBlock Without(string name)
    {
        if (!_variables.ContainsKey(name)) return this;
        var copy = new Dictionary<string, string>(_variables, StringComparer.Ordinal);
        copy.Remove(name);
        return new(copy);
    }

    /// <summary>This environment with <c>PWD</c> for a directory, as a shell would set it. The last one is kept.</summary>
    internal EnvironmentBlock In(string directory)
    {
        if (this["PWD"] == directory) return this;
        return _elsewhere?["PWD"] == directory ? _elsewhere : _elsewhere = With("PWD", directory);
    }

    /// <summary>The terminated array that <c>posix_spawn</c> takes; it lives as long as this object.</summary>
    internal nint Pointer
    {
        get
        {
            if (_pointers is null) Build();
            unsafe
            {
                fixed (nint* pointer = _pointers) return (nint)pointer;
            }
        }
    }

    [MemberNotNull(nameof(_pointers), nameof(_text))]
    private void Build()
    {
        var size = 0;
        foreach (var (name, value) in _variables)
            size += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) + 2;

        // Pinned arrays never move, so their addresses may stand in one another, and the collector frees them with this object.
        _text = GC.AllocateUninitializedArray<byte>(Math.Max(size, 1), pinned: true);
        var pointers = GC.AllocateArray<nint>(_variables.Count + 1, pinned: true);
        var at = 0;
        var next = 0;
        foreach (var (name, value) in _variables)
        {
            unsafe
            {
                fixed (byte* start = &_text[at]) pointers[next++] = (nint)start;
            }
            at += Encoding.UTF8.GetBytes(name, _text.AsSpan(at));
            _text[at++] = (byte)'=';
            at += Encoding.UTF8.GetBytes(value, _text.AsSpan(at));
            _text[at++] = 0;
        }
        _pointers = pointers;
    }

    private static void Check(string name, string value)
    {
        if (name.Length == 0) throw new ArgumentException("An environment variable has an empty name. Give it one.");
        if (name.AsSpan().ContainsAny('=', '\0'))
            throw new ArgumentException($"The environment variable name '{name}' holds '=' or NUL. Use letters, digits and underscores.");
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"The value of the environment variable {name} holds NUL, which no environment can carry.");
    }
}
