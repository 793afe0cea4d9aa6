using System.Globalization;
using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@timestamp</c>.</summary>
internal sealed class TimestampDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Format =
        new("format", ParameterType.Text, "A .NET date format.") { Default = new TextArgument("yyyy-MM-ddTHH:mm:ssZ"), Rule = DateFormat };

    public static readonly TimestampDecorator Instance = new();

    private TimestampDecorator() : base("timestamp", "The time in UTC.", Format) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new TimestampExpression(arguments.Text(Format));

    private static string? DateFormat(Argument argument)
    {
        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(((TextArgument)argument).Text, CultureInfo.InvariantCulture);
            return null;
        }
        catch (FormatException)
        {
            return "must be a .NET date format, such as \"yyyy-MM-dd\"";
        }
    }
}
