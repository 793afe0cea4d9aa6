using System.Globalization;
using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@timestamp</c>.</summary>
internal sealed class TimestampDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Format =
        new("format", ParameterType.Text, "A .NET date format.") { Default = new TextArgument("yyyy-MM-ddTHH:mm:ssZ"), Rule = DateFormat };

    private const string NoFormat = "must be a .NET date format, such as \"yyyy-MM-dd\"";

    public static readonly TimestampDecorator Instance = new();

    private TimestampDecorator() : base("timestamp", "The time in UTC.", Format) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new TimestampExpression(arguments.Text(Format));

    private static string? DateFormat(Argument argument)
    {
        var format = ((TextArgument)argument).Text;
        // .NET takes most of a strftime format as literal text, so that mistake would print nonsense instead of failing.
        if (format.Contains('%') && !(format.Length == 2 && "dfFghHKmMsStyz".Contains(format[1])))
            return NoFormat;
        try
        {
            _ = DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
            return null;
        }
        catch (FormatException)
        {
            return NoFormat;
        }
    }
}
