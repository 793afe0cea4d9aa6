namespace Lockstep.Commands.Decorators.Patterns;

/// <summary><c>@try</c>.</summary>
internal sealed class TryDecorator : PatternDecorator
{
    public static readonly TryDecorator Instance = new();

    private TryDecorator() : base("try", "Runs main; catch when it fails; finally always.") { }

    public const string Main = "main";

    public const string Catch = "catch";

    public const string Finally = "finally";
}
