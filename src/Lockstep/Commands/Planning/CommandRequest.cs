using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Name">The command's name.</param>
/// <param name="Mode">Run for its command or watch, whichever there is; watch for a watch only; stop for what ends one.</param>
/// <param name="Arguments">What follows the name, as in <c>prod v1.2</c>, <c>--env=prod --tag v1.2</c>; after <c>--</c> nothing is an option.</param>
/// <param name="Around">Around what it is planned.</param>
internal sealed record CommandRequest(string Name, PlanMode Mode, ImmutableArray<string> Arguments, PlanSurroundings Around)
{
    /// <summary>Replaces what each parameter is given, by its name and text, null where its default holds; null to leave it.</summary>
    public Func<string, string?, string?>? Given { get; init; }
}

/// <summary>All of the world that a plan depends on.</summary>
internal sealed record PlanSurroundings
{
    /// <summary>Goes into the plan: folder, definition files, operating system and architecture.</summary>
    public required PlanContext Context { get; init; }

    /// <summary>Reads an environment variable; null when it is unset.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Whether a shell could run something by a name; asked only for a word that is a command of the file as well. Without it anything may be.</summary>
    public Func<string, bool> IsProgram { get; init; } = static _ => true;

    /// <summary>Gives what may be known while planning; asked for each value that the shown steps use, once each time all is planned, and never for literals.</summary>
    public required Func<ValueExpression, Resolution> Resolve { get; init; }
}

/// <summary>What planning came to know of a value: its text, or why there is none; neither leaves it to the run.</summary>
/// <param name="Value">The value.</param>
/// <param name="Cause">One sentence on why it can't be had, without a final stop.</param>
/// <param name="Help">One sentence on what to do about that.</param>
internal readonly record struct Resolution(ResolvedValue? Value, string? Cause = null, string? Help = null);

/// <summary>What planning came to.</summary>
/// <param name="Plan">The plan; null when there is none to show. With errors beside it, it may be shown and not run.</param>
/// <param name="Diagnostics">What is wrong, in the order of the file.</param>
internal sealed record PlannedCommand(Plan? Plan, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>Whether the plan may run.</summary>
    public bool IsUsable => Plan is not null && !Diagnostics.Any(diagnostic => diagnostic.Severity is Severity.Error);
}
