namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@var</c>.</summary>
internal sealed class VarDecorator : ReferenceDecorator
{
    public static readonly VarDecorator Instance = new();

    private VarDecorator() : base("var", "The value of a variable or parameter, inserted as data.") { }
}
