using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@dns</c>.</summary>
internal sealed class DnsDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Host =
        new("host", ParameterType.Text, "The host.") { Required = true };

    private static readonly DecoratorParameter RecordType =
        new("type", ParameterType.Choice, "A for IPv4, AAAA for IPv6.") { Default = new TextArgument("A"), Choices = ["A", "AAAA"] };

    public static readonly DnsDecorator Instance = new();

    private DnsDecorator() : base("dns", "The first address of a host.", Host, RecordType) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new DnsExpression(arguments.Text(Host), arguments.Text(RecordType));
}
