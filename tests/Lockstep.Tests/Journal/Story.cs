using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Tests.Journal;

/// <summary>Writes events with sequence numbers and times as an engine would: one second apart.</summary>
internal sealed class Story
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 20, 14, 30, 22, TimeSpan.Zero);

    public static RunId Id { get; } = new("run-20261120-143022-a7b3c1d2");

    public long Sequence { get; private set; }

    public T Tell<T>(T happened) where T : RunEvent
    {
        Sequence++;
        return happened with { Sequence = Sequence, At = Begin.AddSeconds(Sequence) };
    }

    public RunStarted Started(string command = "deploy")
        => Tell(new RunStarted(command, ["prod"], "/home/ann/shop", "0123456789abcdef", "0.1.0", 42));

    public StepStarted StepStarted(string step, string attempt = "") => Tell(new StepStarted(new(step), attempt, "echo hi", "next in order"));

    public StepEnded StepEnded(string step, string attempt = "", Outcome outcome = Outcome.Succeeded)
        => Tell(new StepEnded(new(step), attempt, outcome, outcome == Outcome.Succeeded ? 0 : 1, TimeSpan.FromMilliseconds(12.5), null, 3));

    public RunEnded Ended(Outcome outcome = Outcome.Succeeded)
        => Tell(new RunEnded(outcome, outcome == Outcome.Succeeded ? 0 : 1, TimeSpan.FromSeconds(2), null, null));

    public static IReadOnlyList<RunEvent> OneOfEach(string text, long number)
    {
        var story = new Story();
        var step = new StepId(text);
        var span = TimeSpan.FromTicks(number);
        return
        [
            story.Tell(new RunStarted(text, [text, "", text], text, "0123456789abcdef", "0.1.0", (int)number)),
            story.Tell(new ValueWasResolved((int)number, text, null, ValueSource.Secret, span)),
            story.Tell(new ValueWasResolved((int)number, text, text, ValueSource.Http, null)),
            story.Tell(new ConditionEvaluated(step, text, text, null, text)),
            story.Tell(new StepStarted(step, "2.1", text, text)),
            story.Tell(new StepRetried(step, text, 1, 3, DateTimeOffset.UnixEpoch.AddTicks(Math.Abs(number % 1_000_000_000_000_000)), text)),
            story.Tell(new StepRestarted(step, text, (int)number, [text, ""], text)),
            story.Tell(new SlotWaited(step, text, text, (int)number, text)),
            story.Tell(new SlotWaited(step, text, text, 1, null)),
            story.Tell(new LockWaited(step, text, text, text)),
            story.Tell(new BranchesWaited(step, text, (int)number, 2, text)),
            story.Tell(new LockTaken(step, text, text, span)),
            story.Tell(new CacheMissed(step, text, text, [text, ""])),
            story.Tell(new ConfirmationAnswered(step, text, true, text)),
            story.Tell(new StepSkipped(step, text, text)),
            story.Tell(new StepEnded(step, text, Outcome.TimedOut, null, span, text, number, text)),
            story.Tell(new TimerStarted(step, text, span)),
            story.Tell(new OnceCalled(step, text, text)),
            story.Tell(new LockReleased(step, text, text, span)),
            story.Tell(new EffectChecked(step, text, EffectFinding.NotDone, text, text)),
            story.Tell(new PauseAsked(text, null)),
            story.Tell(new RunPaused(text, step, DateTimeOffset.UnixEpoch.AddTicks(Math.Abs(number % 1_000_000_000_000_000)))),
            story.Tell(new RunPaused(text)),
            story.Tell(new RunResumed((int)number, text, text, DateTimeOffset.UnixEpoch)),
            story.Tell(new RunForked(text, number, text, [text, ""], "0123456789abcdef", (int)number, text)),
            story.Tell(new CheckpointCreated(text, text)),
            story.Tell(new RunInterrupted("SIGINT", Immediately: true)),
            story.Tell(new RunInterrupted(text, Immediately: false, Stop: true)),
            story.Tell(new RunEnded(Outcome.Failed, (int)number, span, step, text)),
        ];
    }
}
