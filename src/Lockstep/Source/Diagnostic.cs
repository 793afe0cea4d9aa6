namespace Lockstep.Source;

/// <summary>How bad a diagnostic is.</summary>
public enum Severity
{
    /// <summary>The definition can't be used.</summary>
    Error,

    /// <summary>The definition can be used, and is probably not what was meant.</summary>
    Warning,
}

/// <summary>One thing that is wrong with a definition: what, where, and what to write instead.</summary>
/// <param name="Id">Its code, such as <c>LS1012</c>; each has a page entry in <c>docs/language/errors.md</c>.</param>
/// <param name="Message">One sentence on what is wrong, without a final stop.</param>
/// <param name="Help">One sentence on what to write instead.</param>
/// <param name="Source">The text it stands in.</param>
/// <param name="Span">The characters it is about.</param>
/// <param name="Severity">Error, unless said otherwise.</param>
public sealed record Diagnostic(string Id, string Message, string Help, SourceText Source, Span Span, Severity Severity = Severity.Error)
{
    /// <summary>A second place that belongs to it, such as the first of two declarations of one name.</summary>
    public (string Message, Span Span)? Related { get; init; }

    /// <summary>The offset the caret points at, where that is not the span's start: what went wrong inside the thing it is about.</summary>
    public int? Caret { get; init; }
}
