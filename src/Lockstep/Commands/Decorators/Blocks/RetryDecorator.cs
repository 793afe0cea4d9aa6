using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators.Blocks;

/// <summary><c>@retry</c>.</summary>
internal sealed class RetryDecorator : BlockDecorator
{
    private static readonly DecoratorParameter Attempts =
        new("attempts", ParameterType.Number, "How often at most, the first time counted.")
        {
            Default = new NumberArgument(3),
            Rule = Rules.OneOrMore,
        };

    private static readonly DecoratorParameter Delay =
        new("delay", ParameterType.Duration, "The wait before the second attempt.")
        {
            Default = new DurationArgument(TimeSpan.FromSeconds(1), "1s"),
            Rule = Rules.Wait,
        };

    private static readonly DecoratorParameter Exponential =
        new("exponentialBackoff", ParameterType.Boolean, "Whether the wait doubles each time.")
        {
            Default = new FlagArgument(false),
            Field = "exponential",
        };

    private static readonly DecoratorParameter MaxDelay =
        new("maxDelay", ParameterType.Duration, "The longest wait.")
        {
            Default = new DurationArgument(TimeSpan.FromMinutes(5), "5m"),
            Field = "max_delay",
            Rule = Rules.Wait,
        };

    private static readonly DecoratorParameter Jitter =
        new("jitter", ParameterType.Boolean, "Whether the wait is a random part, from half to all, of what it would be.")
        {
            Default = new FlagArgument(false),
        };

    public static readonly RetryDecorator Instance = new();

    private RetryDecorator() : base("retry", "Runs its block again when it fails.", Attempts, Delay, Exponential, MaxDelay, Jitter) { }

    public override PlanNode Lower(StepId id, Arguments arguments, BlockBody body) => new RetryNode(
        id, arguments.Number(Attempts), arguments.Duration(Delay), arguments.Flag(Exponential), arguments.Duration(MaxDelay),
        arguments.Flag(Jitter), body.Whole());
}
