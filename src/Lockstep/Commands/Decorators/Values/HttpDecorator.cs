using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@http</c>.</summary>
internal sealed class HttpDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Url =
        new("url", ParameterType.Text, "The address, or the variable that holds it.") { Required = true, Field = "label", Rule = HttpAddress };

    private static readonly DecoratorParameter Path =
        new("path", ParameterType.Text, "A dotted path into a JSON body, such as data.0.name; empty takes the whole body.")
        {
            Default = new TextArgument(""),
        };

    private static readonly DecoratorParameter Ttl =
        new("ttl", ParameterType.Duration, "How long a fetched value may be used again.")
        {
            Default = new DurationArgument(TimeSpan.Zero, "0s"),
            Rule = Rules.ZeroOrLonger,
        };

    private static readonly DecoratorParameter Timeout =
        new("timeout", ParameterType.Duration, "How long to wait for the whole answer.")
        {
            Default = new DurationArgument(TimeSpan.FromSeconds(10), "10s"),
            Rule = Rules.LongerThanZero,
        };

    public static readonly HttpDecorator Instance = new();

    private HttpDecorator() : base("http", "The body of a GET, trimmed, or a value of its JSON.", Url, Path, Ttl, Timeout) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal) => new HttpExpression(
        arguments.Text(Url), arguments.Label(Url), arguments.Text(Path), arguments.Duration(Ttl), arguments.Duration(Timeout));

    private static string? HttpAddress(Argument argument)
        => argument is TextArgument { Text: var text }
           && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? null
            : "must be an address that starts with http:// or https://";
}
