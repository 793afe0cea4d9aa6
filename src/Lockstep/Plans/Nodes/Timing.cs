using Lockstep.Expressions;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Views;

namespace Lockstep.Plans.Nodes;

/// <summary>Ends its body when it takes too long: TERM, a grace period of 5 s, KILL.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Duration">How long; default 30 s.</param>
/// <param name="Body">What is limited.</param>
public sealed record TimeoutNode(StepId Id, TimeSpan Duration, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "timeout";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName, Ink.Cyan);
        view.Fact(Duration, " timeout");
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields) => fields.Duration("duration", Duration);

    internal override PathTime TimeOver(ReadOnlySpan<PathTime> children, int cores)
        => children[0].Time > Duration ? children[0] with { Time = Duration } : children[0];

    internal static TimeoutNode Read(StepSource step) => new(step.Id, step.Fields.Duration("duration"), step.Body());
}

/// <summary>Runs its body again, as a unit, when it fails.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Attempts">How often at most, the first time counted; default 3.</param>
/// <param name="Delay">The wait before the second attempt; default 1 s.</param>
/// <param name="Exponential">Whether the wait doubles each time.</param>
/// <param name="MaxDelay">The longest wait; default 5 min.</param>
/// <param name="Jitter">Whether the wait is a random part, from half to all, of what it would be.</param>
/// <param name="Body">What is retried.</param>
public sealed record RetryNode(StepId Id, int Attempts, TimeSpan Delay, bool Exponential, TimeSpan MaxDelay, bool Jitter, PlanNode Body)
    : WrapperNode(Id, Body)
{
    internal const string KindName = "retry";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName, Ink.Yellow);
        view.Fact(Attempts == 1 ? "1 attempt" : $"{Attempts} attempts");
        view.Fact(Delay, " delay");
        if (Exponential) view.Fact("exponential");
        if (MaxDelay != TimeSpan.FromMinutes(5)) view.Fact(MaxDelay, " at most");
        if (Jitter) view.Fact("jitter");
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Number("attempts", Attempts);
        fields.Duration("delay", Delay);
        fields.Flag("exponential", Exponential);
        fields.Duration("max_delay", MaxDelay);
        fields.Flag("jitter", Jitter);
    }

    internal static RetryNode Read(StepSource step)
        => new(
            step.Id, step.Fields.Number("attempts"), step.Fields.Duration("delay"), step.Fields.Flag("exponential"),
            step.Fields.Duration("max_delay"), step.Fields.Flag("jitter"), step.Body());
}

/// <summary>In a watch: runs its body again when files that match change, after they have been quiet for the delay.</summary>
public sealed record DebounceNode(StepId Id, TimeSpan Delay, string Pattern, PlanNode Body) : WrapperNode(Id, Body)
{
    internal const string KindName = "debounce";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(KindName, Ink.Yellow);
        view.Fact(Delay, " quiet");
        view.Fact(Pattern);
        view.Child(Body);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Duration("delay", Delay);
        fields.Text("pattern", Pattern);
    }

    internal static DebounceNode Read(StepSource step)
        => new(step.Id, step.Fields.Duration("delay"), step.Fields.Text("pattern"), step.Body());
}
