using Lockstep.Source;

namespace Lockstep.Configuration;

/// <summary>Everything that can be wrong with <c>lockstep.yaml</c>, LS1400 to LS1499: the catalogue, and the one way to report it.</summary>
internal sealed class ConfigurationDiagnostics(SourceText source, DiagnosticBag bag)
{
    public void NoYaml(string cause, Span span) => Error("LS1400", span, $"this is no YAML: {cause.TrimEnd('.')}", "correct it; a text that holds such as : # or * stands in quotes");

    public void UnknownKey(string owner, string key, string? nearest, IEnumerable<string> known, Span span) => Error("LS1401", span,
        $"{owner} has no key '{key}'",
        nearest is not null ? $"did you mean {nearest}?" : $"the keys are {string.Join(", ", known)}");

    public void Wrong(string what, string wanted, string help, Span span) => Error("LS1402", span, $"{what} is not {wanted}", help);

    public void UnknownType(string pattern, string? nearest, Span span) => Error("LS1403", span,
        $"no event is of the type '{pattern}'",
        nearest is not null ? $"did you mean {nearest}?" : "docs/events.md lists the types; a * at the end stands for any rest");

    public void Twice(string owner, string key, Span span) => Error("LS1404", span, $"{owner} has the key '{key}' twice", "leave one of the two out");

    public void Unreadable(string cause, Span span) => Error("LS1405", span, $"the file can't be read: {cause.TrimEnd('.')}", "give yourself read permission on it");

    private void Error(string id, Span span, string message, string help) => bag.Add(new Diagnostic(id, message, help, source, span));
}
