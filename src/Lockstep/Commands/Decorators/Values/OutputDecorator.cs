using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@output</c>.</summary>
internal sealed class OutputDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Step =
        new("step", ParameterType.Key, "The command called earlier, or a step id.") { Required = true };

    public static readonly OutputDecorator Instance = new();

    private OutputDecorator() : base("output", "The standard output, trimmed, of an earlier step; known only when that step has run.", Step) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new OutputExpression(arguments.Text(Step));
}
