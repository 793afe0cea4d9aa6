using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Tests.Journal;

public sealed class RunStateTests
{
    private readonly Story story = new();

    [Fact]
    public void A_run_without_an_end_is_running()
    {
        var state = RunState.Of([story.Started(), story.StepStarted("a")]);

        Assert.Equal(RunStatus.Running, state.Status);
        Assert.Equal(StepStatus.Running, state.Steps[new("a")].Status);
        Assert.Equal(2, state.Sequence);
    }

    [Fact]
    public void An_ended_step_keeps_its_outcome_time_and_attempt()
    {
        var state = RunState.Of([story.StepStarted("a"), story.StepEnded("a", outcome: Outcome.Failed)]);

        var step = state.Steps[new("a")];
        Assert.Equal(StepStatus.Failed, step.Status);
        Assert.Equal(1, step.ExitCode);
        Assert.Equal(TimeSpan.FromMilliseconds(12.5), step.Duration);
        Assert.Equal(1, step.Attempts);
    }

    [Fact]
    public void Each_attempt_that_ended_is_kept_for_a_resumed_run()
    {
        var state = RunState.Of(
        [
            story.StepStarted("a", "1"), story.StepEnded("a", "1", Outcome.Failed),
            story.StepStarted("a", "2"), story.StepEnded("a", "2"),
        ]);

        Assert.Equal(Outcome.Failed, state.Ends[(new("a"), "1")].Outcome);
        Assert.Equal(Outcome.Succeeded, state.Ends[(new("a"), "2")].Outcome);
        Assert.Equal(2, state.Steps[new("a")].Attempts);
        Assert.Equal("2", state.Steps[new("a")].Attempt);
    }

    [Fact]
    public void A_retry_waits_until_its_next_attempt_is_due()
    {
        var due = DateTimeOffset.UnixEpoch.AddDays(1);
        var state = RunState.Of([story.Tell(new StepRetried(new("r"), "", 1, 3, due, "exit code 1"))]);

        var step = state.Steps[new("r")];
        Assert.Equal((StepStatus.Waiting, due, "exit code 1"), (step.Status, step.Due, step.Reason));
    }

    [Fact]
    public void A_step_that_waits_for_a_lock_says_who_holds_it()
    {
        var waiting = RunState.Of([story.Tell(new LockWaited(new("l"), "", "db", "run-1"))]);
        var holding = waiting.Apply(story.Tell(new LockTaken(new("l"), "", "db", TimeSpan.FromSeconds(1))));

        Assert.Equal("waits for the lock db, held by run-1", waiting.Steps[new("l")].Reason);
        Assert.Equal(StepStatus.Running, holding.Steps[new("l")].Status);
    }

    [Fact]
    public void The_end_carries_the_root_cause()
    {
        var state = RunState.Of([story.Started(), story.Tell(new RunEnded(Outcome.Failed, 3, TimeSpan.Zero, new StepId("a"), "a failed"))]);

        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Equal(new StepId("a"), state.RootCause);
    }

    [Fact]
    public void Values_are_kept_by_their_index()
    {
        var state = RunState.Of([story.Tell(new ValueWasResolved(3, "VERSION", "v2", ValueSource.Http, null))]);

        Assert.Equal("v2", state.Values[3].Text);
    }

    [Fact]
    public void Applying_an_event_leaves_the_state_before_it_as_it_was()
    {
        var before = RunState.Of([story.Started()]);

        before.Apply(story.StepStarted("a"));

        Assert.Empty(before.Steps);
    }

    [Fact]
    public void Every_kind_of_event_has_a_state()
    {
        var events = Story.OneOfEach("x", 1);

        Assert.Equal(events.Count, RunState.Of(events).Sequence);
    }
}
