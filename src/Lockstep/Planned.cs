using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep;

/// <summary>What came of asking for a plan.</summary>
/// <param name="Plan">The plan; null when there is none to show. With errors beside it, it may be shown and not run.</param>
/// <param name="Diagnostics">All that is wrong, and warnings, in the order of the file.</param>
public sealed record Planned(Plan? Plan, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Whether the plan may run.</summary>
    public bool IsUsable => Plan is not null && Diagnostics.All(diagnostic => diagnostic.Severity != Severity.Error);

    /// <summary>Whether no command bears the name; <see cref="Nearest"/> may tell what was meant.</summary>
    public bool UnknownName { get; init; }

    /// <summary>The command with the nearest name, when the name is unknown and one is near.</summary>
    public string? Nearest { get; init; }
}
