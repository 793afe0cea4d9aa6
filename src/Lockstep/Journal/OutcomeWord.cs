namespace Lockstep.Journal;

/// <summary>An outcome in one word, as events, documents and answers have it.</summary>
internal static class OutcomeWord
{
    public static string Of(Outcome outcome) => outcome switch
    {
        Outcome.Succeeded => "succeeded",
        Outcome.Failed => "failed",
        Outcome.TimedOut => "timed-out",
        Outcome.Cancelled => "cancelled",
        Outcome.Refused => "refused",
        Outcome.Stopped => "stopped",
        _ => throw new InvalidOperationException($"no word for the outcome {outcome}"),
    };
}
