using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Source;

namespace Lockstep;

/// <summary>A run's arguments as history may keep them.</summary>
internal static class ShownArguments
{
    private const string Redacted = RedactedText.Mark;

    /// <summary>Values of parameters with a secret's name are left out, however short they are.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="arguments">What the command was asked for with.</param>
    /// <param name="unused">What is sensitive in them though the plan has no use for it.</param>
    public static IReadOnlyList<string> Of(Plan plan, IReadOnlyList<string> arguments, IReadOnlyList<string>? unused = null)
    {
        var secrets = plan.Values
            .Where(value => value is { Sensitive: true, Expression: ParameterExpression })
            .Select(value => ((ParameterExpression)value.Expression).Text)
            .Concat(plan.Values.Where(value => value.HoldsSensitive).SelectMany(SensitiveArguments.Of))
            .Concat(unused ?? [])
            .ToHashSet(StringComparer.Ordinal);
        var shown = new List<string>(arguments.Count);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
            if (equals > 0 && SensitiveName.Matches(argument[..equals])) shown.Add($"{argument[..(equals + 1)]}{Redacted}");
            else if (secrets.Contains(argument) || (i > 0 && IsSensitiveOption(arguments[i - 1]))) shown.Add(Redacted);
            else shown.Add(argument);
        }
        return shown;
    }

    private static bool IsSensitiveOption(string argument)
        => argument.StartsWith("--", StringComparison.Ordinal) && !argument.Contains('=', StringComparison.Ordinal) && SensitiveName.Matches(argument);
}
