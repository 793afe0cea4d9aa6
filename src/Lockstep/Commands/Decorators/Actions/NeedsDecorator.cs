namespace Lockstep.Commands.Decorators.Actions;

/// <summary><c>@needs</c>.</summary>
internal sealed class NeedsDecorator : ActionDecorator
{
    private static readonly DecoratorParameter Commands =
        new("names", ParameterType.Command, "The commands.") { Required = true, Many = true };

    public static readonly NeedsDecorator Instance = new();

    private NeedsDecorator() : base("needs", "Runs each named command once a run, independent ones at the same time.", Commands) { }
}
