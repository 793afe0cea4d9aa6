namespace Lockstep.Source;

/// <summary>A definition that can't be used: carries every diagnostic found. Thrown only at the library's edge.</summary>
public sealed class DefinitionException(IReadOnlyList<Diagnostic> diagnostics)
    : Exception(diagnostics.Count == 0 ? "the definition can't be used" : diagnostics[0].Message)
{
    /// <summary>All that was found, in the order of the file, at most 20.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;
}
