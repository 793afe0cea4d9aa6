namespace Lockstep.Commands.Decorators.Patterns;

/// <summary><c>@when</c>.</summary>
internal sealed class WhenDecorator : PatternDecorator
{
    private static readonly DecoratorParameter Subject =
        new("name", ParameterType.Subject, "A variable, else an environment variable; quoted, always the environment; OS and ARCH are this machine's unless set.")
        {
            Required = true,
        };

    public static readonly WhenDecorator Instance = new();

    private WhenDecorator() : base("when", "Runs the branch that a value chooses.", Subject) { }

    /// <summary>The branch taken when no other matches.</summary>
    public const string Otherwise = "default";
}
