namespace Lockstep.Commands.Decorators.Actions;

/// <summary><c>@cmd</c>.</summary>
internal sealed class CmdDecorator : ActionDecorator
{
    private static readonly DecoratorParameter Command =
        new("name", ParameterType.Command, "The command.") { Required = true };

    private static readonly DecoratorParameter CommandArguments =
        new("arguments", ParameterType.CommandArguments, "Arguments for it, by position or by its parameters' names.") { Many = true };

    public static readonly CmdDecorator Instance = new();

    private CmdDecorator() : base("cmd", "Runs another command of the file.", Command, CommandArguments) { }
}
