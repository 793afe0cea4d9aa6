namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@raw</c>.</summary>
internal sealed class RawDecorator : ReferenceDecorator
{
    public static readonly RawDecorator Instance = new();

    private RawDecorator() : base("raw", "The value of a variable or parameter, inserted as code: unquoted, and marked in the plan.") { }

    public override bool IsRaw => true;
}
