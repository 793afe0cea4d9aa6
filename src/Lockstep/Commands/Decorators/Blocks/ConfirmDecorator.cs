using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@confirm</c>.</summary>
internal sealed class ConfirmDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Message =
        new("message", ParameterType.Template, "The question.") { Default = new TextArgument("Continue?") };

    private static readonly DecoratorParameter DefaultYes =
        new("defaultYes", ParameterType.Boolean, "Whether Enter alone means yes.")
        {
            Default = new FlagArgument(false),
            Field = "default_yes",
        };

    public static readonly ConfirmDecorator Instance = new();

    private ConfirmDecorator() : base("confirm", "Asks before its block runs.", Message, DefaultYes) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body)
        => new ConfirmNode(id, arguments.Template(Message), arguments.Flag(DefaultYes), body.Whole());
}
