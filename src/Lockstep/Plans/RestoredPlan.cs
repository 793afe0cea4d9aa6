using System.Collections.Immutable;

namespace Lockstep.Plans;

/// <summary>A stored plan with the sensitive texts that could be had.</summary>
/// <param name="Stored">As it was stored.</param>
/// <param name="Plan">The plan; where a text is still missing, its value says so.</param>
/// <param name="Taken">The parameters that were given and used.</param>
/// <param name="Asked">The parameters that the missing texts wait for.</param>
internal sealed record RestoredPlan(Plan Stored, Plan Plan, ImmutableArray<string> Taken, ImmutableArray<string> Asked)
{
    /// <summary>Whether the definition file is gone, or another than the plan was made of.</summary>
    public bool FileChanged { get; init; }
}
