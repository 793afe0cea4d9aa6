namespace Lockstep.Commands.Decorators;

/// <summary>Rules that parameters of several decorators share.</summary>
internal static class Rules
{
    public static string? OneOrMore(Argument argument)
        => argument is NumberArgument { Number: < 1 } ? "must be 1 or more" : null;

    public static string? LongerThanZero(Argument argument)
        => argument is DurationArgument { Duration.Ticks: <= 0 } ? "must be longer than zero" : null;
}
