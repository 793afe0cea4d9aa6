using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@lock</c>.</summary>
internal sealed class LockDecorator : BlockDecorator
{
    private static readonly DecoratorParameter LockName =
        new("name", ParameterType.Template, "The name of the lock.") { Required = true };

    private static readonly DecoratorParameter Timeout =
        new("timeout", ParameterType.Duration, "How long to wait for it.")
        {
            Default = new DurationArgument(TimeSpan.FromMinutes(10), "10m"),
            Rule = Rules.LongerThanZero,
        };

    public static readonly LockDecorator Instance = new();

    private LockDecorator() : base("lock", "Runs its block while no other run on this machine holds the lock.", LockName, Timeout) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body)
        => new LockNode(id, arguments.Template(LockName), arguments.Duration(Timeout), body.Whole());
}
