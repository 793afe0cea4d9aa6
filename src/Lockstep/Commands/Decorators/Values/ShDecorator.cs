using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@sh</c>.</summary>
internal sealed class ShDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Command =
        new("command", ParameterType.Text, "The command, run by sh in the folder of the definition file.") { Required = true };

    public static readonly ShDecorator Instance = new();

    private ShDecorator() : base("sh", "The standard output of a shell command, trimmed.", Command) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new ShellExpression(arguments.Text(Command));
}
