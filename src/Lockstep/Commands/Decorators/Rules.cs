namespace Lockstep.Commands.Decorators;

/// <summary>Rules that parameters of several decorators share.</summary>
internal static class Rules
{
    // The platform's timers count milliseconds in 32 bits: the signed ones end after 24.8 days, and a longer wait throws when it begins.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public static string? OneOrMore(Argument argument)
        => argument is NumberArgument { Number: < 1 } ? "must be 1 or more" : null;

    /// <summary>Any time that can pass.</summary>
    public static string? ZeroOrLonger(Argument argument)
        => argument is DurationArgument { Duration.Ticks: < 0 } ? "must be zero or longer" : null;

    /// <summary>What a timer can wait.</summary>
    public static string? Wait(Argument argument)
        => argument is DurationArgument { Duration: var duration } && duration > Longest ? "must be 24 days (576h) or less" : ZeroOrLonger(argument);

    /// <summary>What a timer can wait, and more than nothing.</summary>
    public static string? LongerThanZero(Argument argument)
        => argument is DurationArgument { Duration.Ticks: <= 0 } ? "must be longer than zero" : Wait(argument);
}
