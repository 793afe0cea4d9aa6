using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@with</c>.</summary>
internal sealed class WithDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Entries =
        new("entries", ParameterType.Entries, "The environment variables.") { Required = true, Many = true };

    public static readonly WithDecorator Instance = new();

    private WithDecorator() : base("with", "Sets environment variables for its block.", Entries) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body)
        => new EnvironmentNode(id, arguments.Entries, body.Whole());
}
