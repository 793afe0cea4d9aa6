using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@effect</c>.</summary>
internal sealed class EffectDecorator : BlockDecorator
{
    public static readonly DecoratorParameter Effect =
        new("effect", ParameterType.Choice, "pure and idempotent steps run again, keyed ones with the same LOCKSTEP_STEP_KEY, once asks first.")
        {
            Required = true,
            Choices = ["pure", "idempotent", "keyed", "once"],
        };

    public static readonly DecoratorParameter Verify =
        new("verify", ParameterType.Text, "Of once: a command that ends with 0 where the effect is there and with 1 where it is not.") { IsCode = true };

    public static readonly EffectDecorator Instance = new();

    private EffectDecorator() : base("effect", "Says what a step that was cut off does when the run goes on.", Effect, Verify) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body) => new EffectNode(
        id,
        EffectNode.Parse(arguments.Text(Effect)) ?? throw new InvalidOperationException($"'{arguments.Text(Effect)}' is no effect, and was not refused"),
        arguments.Template(Verify) is { IsEmpty: false } verify ? verify : null,
        body.Whole());
}
