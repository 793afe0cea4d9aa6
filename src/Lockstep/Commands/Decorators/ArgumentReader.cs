using System.Globalization;
using Lockstep.Source;

namespace Lockstep.Commands.Decorators;

/// <summary>Reads a parameter's value from text: a literal's, a command line's or the environment's.</summary>
internal static class ArgumentReader
{
    /// <summary>The argument, or what is wrong with the text, such as <c>'abc' is not a duration</c>.</summary>
    public static (Argument? Argument, string? Problem) Read(DecoratorParameter parameter, string text, string? label = null)
    {
        Argument? argument = parameter.Type switch
        {
            ParameterType.Number => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? new NumberArgument(number)
                : null,
            ParameterType.Duration => HumanDuration.TryParse(text, out var duration) ? new DurationArgument(duration, text) : null,
            ParameterType.Boolean => text switch
            {
                "true" => new FlagArgument(true),
                "false" => new FlagArgument(false),
                _ => null,
            },
            ParameterType.Choice => Array.IndexOf(parameter.Choices, text) >= 0 ? new TextArgument(text) : null,
            _ => new TextArgument(text, label),
        };
        if (argument is null) return (null, $"'{text}' is not {Noun(parameter)}");
        return parameter.Rule?.Invoke(argument) is { } broken ? (null, $"{parameter.Name} {broken}, not {text}") : (argument, null);
    }

    /// <summary>An argument that stands in for one that can't be had, so that the rest of a plan can be shown.</summary>
    public static Argument StandIn(DecoratorParameter parameter) => parameter.Default ?? parameter.Type switch
    {
        ParameterType.Number => new NumberArgument(1),
        ParameterType.Duration => new DurationArgument(TimeSpan.Zero, "0s"),
        ParameterType.Boolean => new FlagArgument(false),
        ParameterType.Choice => new TextArgument(parameter.Choices[0]),
        _ => new TextArgument(""),
    };

    /// <summary>How what a parameter takes is called in a message.</summary>
    public static string Noun(DecoratorParameter parameter) => parameter.Type switch
    {
        ParameterType.Number => "a whole number",
        ParameterType.Duration => "a duration",
        ParameterType.Boolean => "true or false",
        ParameterType.Choice => $"a {parameter.Name}",
        ParameterType.Command => "a command's name",
        ParameterType.Variable => "a variable's name",
        _ => "a string",
    };

    /// <summary>What to write for a parameter.</summary>
    public static string Example(DecoratorParameter parameter) => parameter.Type switch
    {
        ParameterType.Number => "write a whole number, such as 3",
        ParameterType.Duration => "write a duration, such as 30s, 5m or 1h30m",
        ParameterType.Boolean => "write true or false",
        ParameterType.Choice => $"write {Listed(parameter.Choices)}",
        ParameterType.Command => "write the name of a command of this file, without quotes",
        ParameterType.Variable => "write the name of a variable or parameter, without quotes",
        _ => "write a string in quotes, or the name of a variable",
    };

    private static string Listed(string[] words)
    {
        var quoted = words.Select(word => $"\"{word}\"").ToArray();
        return $"{string.Join(", ", quoted[..^1])} or {quoted[^1]}";
    }
}
