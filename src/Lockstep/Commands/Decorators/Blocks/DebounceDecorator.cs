using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@debounce</c>.</summary>
internal sealed class DebounceDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Delay =
        new("delay", ParameterType.Duration, "How long the files must be quiet.") { Required = true, Rule = Rules.Wait };

    private static readonly DecoratorParameter Pattern =
        new("pattern", ParameterType.Text, "A glob of the files.") { Required = true };

    public static readonly DebounceDecorator Instance = new();

    private DebounceDecorator() : base("debounce", "In a watch: runs its block again when files that match change.", Delay, Pattern) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body)
        => new DebounceNode(id, arguments.Duration(Delay), arguments.Text(Pattern), body.Whole());
}
