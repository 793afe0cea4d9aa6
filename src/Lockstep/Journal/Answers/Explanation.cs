using Lockstep.Plans;

namespace Lockstep.Journal.Answers;

/// <summary>Why a run, or a step of it, went as it did: what its events say, and nothing else.</summary>
/// <param name="Answers">The reasons, in the order of the run.</param>
/// <param name="Values">The values it uses, with where each came from.</param>
/// <param name="Time">Where the time went, the most first; of steps beside each other the times add up to more than passed.</param>
public sealed record Explanation(IReadOnlyList<Answer> Answers, IReadOnlyList<ExplainedValue> Values, IReadOnlyList<TimeShare> Time);

/// <summary>One reason.</summary>
/// <param name="Event">The number of the event that tells it.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="Step">The step it is about; null for the run.</param>
/// <param name="Attempt">The attempt; empty where nothing retries.</param>
/// <param name="About">A word for what it answers, such as <c>ran</c>, <c>skipped</c>, <c>waited</c>, <c>retried</c>, <c>kept</c>.</param>
/// <param name="Text">One sentence, without a final stop.</param>
/// <param name="Took">How long that took; null where nothing passed.</param>
public sealed record Answer(long Event, DateTimeOffset At, StepId? Step, string Attempt, string About, string Text, TimeSpan? Took = null);

/// <summary>A value and where it came from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its text; null where it is sensitive or not known.</param>
/// <param name="From">Where it came from, in words.</param>
/// <param name="Event">The number of the event that tells it; null where the plan does.</param>
public sealed record ExplainedValue(string Name, string? Text, string From, long? Event);

/// <summary>Time that went into one thing.</summary>
/// <param name="What">Into what, such as <c>waiting for the lock db</c>.</param>
/// <param name="Time">How much.</param>
public sealed record TimeShare(string What, TimeSpan Time);
