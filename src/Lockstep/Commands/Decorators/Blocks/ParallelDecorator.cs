using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@parallel</c>.</summary>
internal sealed class ParallelDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Mode =
        new("mode", ParameterType.Choice, "After a failure: fail-fast starts no more, immediate also cancels the others, all runs all.")
        {
            Default = new TextArgument("fail-fast"),
            Choices = ["fail-fast", "immediate", "all"],
        };

    private static readonly DecoratorParameter Concurrency =
        new("concurrency", ParameterType.Number, "How many at once; twice the cores without it, and at least 4.") { Rule = Rules.OneOrMore };

    public static readonly ParallelDecorator Instance = new();

    private ParallelDecorator() : base("parallel", "Runs its statements at the same time.", Mode, Concurrency) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body)
        => new ParallelNode(id, ModeOf(arguments.Text(Mode)), arguments.OptionalNumber(Concurrency), body.Steps);

    private static ParallelMode ModeOf(string word) => word switch
    {
        "immediate" => ParallelMode.Immediate,
        "all" => ParallelMode.All,
        _ => ParallelMode.FailFast,
    };
}
