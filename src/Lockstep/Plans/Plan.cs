using System.Collections.Immutable;
using Lockstep.Expressions;

namespace Lockstep.Plans;

/// <summary>What a plan is of: a command to run, a watch to supervise, or the stop of one.</summary>
public enum PlanMode
{
    /// <summary>Runs and ends.</summary>
    Run,

    /// <summary>A long-lived process group.</summary>
    Watch,

    /// <summary>What ends a watch of the same name.</summary>
    Stop,
}

internal static class PlanModes
{
    public static string Word(this PlanMode mode) => mode switch
    {
        PlanMode.Run => "run",
        PlanMode.Watch => "watch",
        PlanMode.Stop => "stop",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    public static PlanMode? Parse(string word) => word switch
    {
        "run" => PlanMode.Run,
        "watch" => PlanMode.Watch,
        "stop" => PlanMode.Stop,
        _ => null,
    };
}

/// <summary>A definition file a plan was made from.</summary>
/// <param name="Path">The path, relative to the plan's directory.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal.</param>
public sealed record DefinitionFile(string Path, string Sha256);

/// <summary>Around what a plan was made.</summary>
/// <param name="Directory">The absolute folder that commands run in: the definition file's own.</param>
/// <param name="Files">The definition files.</param>
/// <param name="Os"><c>linux</c>, <c>darwin</c> or <c>windows</c>.</param>
/// <param name="Arch"><c>x64</c>, <c>arm64</c>.</param>
public sealed record PlanContext(string Directory, ImmutableArray<DefinitionFile> Files, string Os, string Arch);

/// <summary>All that will happen, shown before it does: a tree of steps and the values they use. Inert, typed, hashable.</summary>
/// <param name="Command">The name it was asked for by.</param>
/// <param name="Mode">Whether that is a command, a watch or the stop of one.</param>
/// <param name="Root">Its steps; a <see cref="Nodes.SequenceNode"/> for a command.</param>
/// <param name="Values">Each value once; steps name them by index.</param>
/// <param name="Context">Around what it was made.</param>
public sealed record Plan(string Command, PlanMode Mode, PlanNode Root, ImmutableArray<PlannedValue> Values, PlanContext Context)
{
    /// <summary>The plan format's version; a program reads its own and earlier ones.</summary>
    public const int FormatVersion = 1;

    /// <summary>The indexes of the values that its steps use, ascending.</summary>
    internal IReadOnlyCollection<int> UsedValues()
    {
        var used = new ValueUses();
        foreach (var step in Steps()) step.Fields(used);
        return used.Indexes;
    }

    /// <summary>Every step, parents before children, in the order shown. Any depth.</summary>
    public IEnumerable<PlanNode> Steps()
    {
        var pending = new Stack<PlanNode>();
        pending.Push(Root);
        while (pending.TryPop(out var node))
        {
            yield return node;
            var children = node.Children;
            for (var i = children.Length - 1; i >= 0; i--) pending.Push(children[i]);
        }
    }
}
