using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@workdir</c>.</summary>
internal sealed class WorkdirDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Path =
        new("path", ParameterType.Template, "The folder, relative to the enclosing one.") { Required = true };

    private static readonly DecoratorParameter Create =
        new("createIfNotExists", ParameterType.Boolean, "Whether a missing folder is made.")
        {
            Default = new FlagArgument(false),
            Field = "create_if_not_exists",
        };

    public static readonly WorkdirDecorator Instance = new();

    private WorkdirDecorator() : base("workdir", "Runs its block in another folder.", Path, Create) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body)
        => new WorkdirNode(id, arguments.Template(Path), arguments.Flag(Create), body.Whole());
}
