using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Redaction;

namespace Lockstep.Execution;

/// <summary>What must not be seen of one run; grows as secrets are resolved.</summary>
internal sealed class RunSecrets
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private SecretSet? _set;

    public RunSecrets(Plan plan)
    {
        foreach (var value in plan.Values)
        {
            if (value is { Sensitive: true, Resolved: { } resolved }) _texts.Add(resolved.Text);
            if (value.HoldsSensitive) _texts.UnionWith(SensitiveArguments.Of(value));
        }
    }

    public void Add(string text)
    {
        if (_texts.Add(text)) _set = null;
    }

    /// <summary>A redactor for one stream; null while there is nothing to redact.</summary>
    public StreamRedactor? Redactor(ByteSink sink) => _texts.Count == 0 ? null : new StreamRedactor(_set ??= SecretSet.Of(_texts), sink);

    /// <summary>A text with what must not be seen replaced.</summary>
    public string Redact(string text) => _texts.Count == 0 ? text : (_set ??= SecretSet.Of(_texts)).Redact(text);
}
