using Lockstep.Plans;

namespace Lockstep;

/// <summary>A parameter of a command, as a listing shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">Its default as text; null when it is required.</param>
public sealed record ParameterSummary(string Name, string? Default);

/// <summary>A command of a definition file, as a listing shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mode">Whether it runs and ends, is a watch, or stops one.</param>
/// <param name="Description">The comment above it; null without one.</param>
/// <param name="Parameters">Its parameters, in order.</param>
/// <param name="Line">Its line in the file, from 1.</param>
public sealed record CommandSummary(string Name, PlanMode Mode, string? Description, IReadOnlyList<ParameterSummary> Parameters, int Line);
