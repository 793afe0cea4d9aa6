using Lockstep.Expressions;

namespace Lockstep.Commands.Decorators.Values;

/// <summary><c>@env</c>.</summary>
internal sealed class EnvDecorator : SourceDecorator
{
    private static readonly DecoratorParameter Key =
        new("key", ParameterType.Key, "The environment variable.") { Required = true, Alias = "variable" };

    private static readonly DecoratorParameter Fallback =
        new("default", ParameterType.Word, "Taken when it is not set, or empty and allowEmpty is false; without one, that is an error.");

    private static readonly DecoratorParameter AllowEmpty =
        new("allowEmpty", ParameterType.Boolean, "Whether an empty value counts as set.")
        {
            Default = new FlagArgument(false),
            Field = "allow_empty",
        };

    public static readonly EnvDecorator Instance = new();

    private EnvDecorator() : base("env", "An environment variable.", Key, Fallback, AllowEmpty) { }

    public override ValueExpression Lower(Arguments arguments, int ordinal)
        => new EnvironmentExpression(arguments.Text(Key), arguments.OptionalText(Fallback), arguments.Flag(AllowEmpty));
}
