using System.Globalization;
using Lockstep.Expressions;

namespace Lockstep.Values;

/// <summary><c>@timestamp</c>: now in UTC, in a .NET date format; an empty format is ISO 8601 with seconds.</summary>
internal static class TimestampValue
{
    private const string Iso8601 = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static ValueResolution Resolve(TimestampExpression expression, ValueSurroundings around)
    {
        var now = around.Clock.GetUtcNow();
        var format = expression.Format.Length == 0 ? Iso8601 : expression.Format;
        try
        {
            return new ValueKnown(new ResolvedValue(now.UtcDateTime.ToString(format, CultureInfo.InvariantCulture), ValueSource.Clock, now));
        }
        catch (FormatException)
        {
            return Wrong(expression, "a letter or quote in it has no meaning where it stands");
        }
    }

    private static ValueFailed Wrong(TimestampExpression expression, string why) => ValueResolver.Failed(
        expression, $"'{expression.Format}' is not a .NET date format: {why}", "write one such as yyyy-MM-dd or yyyyMMdd-HHmmss");
}
