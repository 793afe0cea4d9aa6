using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@timeout</c>.</summary>
internal sealed class TimeoutDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Duration =
        new("duration", ParameterType.Duration, "How long the block may take.")
        {
            Default = new DurationArgument(TimeSpan.FromSeconds(30), "30s"),
            Rule = Rules.LongerThanZero,
        };

    public static readonly TimeoutDecorator Instance = new();

    private TimeoutDecorator() : base("timeout", "Ends its block when it takes too long.", Duration) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body)
        => new TimeoutNode(id, arguments.Duration(Duration), body.Whole());
}
