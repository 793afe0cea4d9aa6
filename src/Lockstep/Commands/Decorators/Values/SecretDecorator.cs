using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@secret</c>.</summary>
internal sealed class SecretDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Key =
        new("key", ParameterType.Key, "Its name.") { Required = true };

    private static readonly DecoratorParameter From =
        new("from", ParameterType.Text, "Where it is: env, file:PATH or command:SHELL.")
        {
            Default = new TextArgument("env"),
            Rule = Origin,
        };

    public static readonly SecretDecorator Instance = new();

    private SecretDecorator() : base("secret", "A secret: redacted everywhere, written nowhere.", Key, From) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new SecretExpression(arguments.Text(Key), arguments.Text(From));

    private static string? Origin(Argument argument) => ((TextArgument)argument).Text switch
    {
        "env" => null,
        ['f', 'i', 'l', 'e', ':', _, ..] => null,
        ['c', 'o', 'm', 'm', 'a', 'n', 'd', ':', _, ..] => null,
        _ => "must be \"env\", \"file:PATH\" or \"command:SHELL\"",
    };
}
