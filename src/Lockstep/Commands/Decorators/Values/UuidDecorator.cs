using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@uuid</c>.</summary>
internal sealed class UuidDecorator : SourceDecorator
{
    public static readonly UuidDecorator Instance = new();

    private UuidDecorator() : base("uuid", "A version 7 UUID, another one at each use.") { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new UuidExpression(ordinal);
}
