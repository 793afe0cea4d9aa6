using System.Globalization;
using Lockstep.Journal;
using Lockstep.Journal.Answers;
using Lockstep.Plans;
using Lockstep.Tests.Execution;

namespace Lockstep.Tests.Journal.Answers;

/// <summary>Stories with the answers to "why?" that their events give.</summary>
public sealed class WhyTests
{
    private readonly List<RunEvent> _events = [];

    public WhyTests() => At(0, new RunStarted("w", ["prod"], "/shop", "0123456789abcdef", "0.1.0", 42));

    [Fact]
    public void A_step_ran_because_what_came_before_it_had_ended()
    {
        Ran(0.1, "w/1", 0.2);
        Ran(0.4, "w/2", 0.1);
        Assert.Equal(
            """
            ran: its turn: w/1 before it had ended
            succeeded: it ended well [100]
            time: 100 running
            """,
            Of("w: {\n echo a\n echo b\n}\n", "w/2"));
    }

    [Fact]
    public void A_step_was_skipped_because_another_failed()
    {
        Ran(0.1, "w/1", 0.2, Outcome.Failed, "exit code 3");
        At(0.4, new StepSkipped(new("w/2"), "", "w/1 did not succeed"));
        At(0.4, new RunEnded(Outcome.Failed, 3, Seconds(0.4), new("w/1"), "exit code 3"));
        const string Commands = "w: {\n echo a\n echo b\n}\n";
        Assert.Equal("skipped: w/1 did not succeed", Of(Commands, "w/2"));
        Assert.Equal(
            """
            began: it was asked for: w prod
            w/1 failed: exit code 3 [200]
            w/2 skipped: w/1 did not succeed
            failed: exit code 3, because of w/1: exit code 3 [400]
            time: 200 running w/1
            """,
            Of(Commands, null));
    }

    [Fact]
    public void A_branch_waited_because_as_many_ran_as_may()
    {
        At(0.1, Started("w/parallel/1"));
        At(0.1, new BranchesWaited(new("w/parallel"), "", 1, 1, "the plan lets 1 run at once"));
        At(2.1, End("w/parallel/1", 2));
        Ran(2.1, "w/parallel/2", 0.5);
        const string Commands = "w: @parallel(concurrency = 1) {\n echo a\n echo b\n}\n";
        Assert.Equal(
            """
            w/parallel waited: 1 branch for a free place: the plan lets 1 run at once
            ran: the branches of w/parallel run beside each other
            succeeded: it ended well [500]
            time: 2000 waiting for a free place of w/parallel
            time: 500 running
            """,
            Of(Commands, "w/parallel/2"));
        Assert.DoesNotContain("waited", Of(Commands, "w/parallel/1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_was_slow_because_as_many_ran_as_may()
    {
        At(0.1, new SlotWaited(new("w/1"), "", "LOCKSTEP_MAX_STEPS", 2, "run-1 ('build', process 7)"));
        Ran(3.1, "w/1", 1);
        Assert.Equal(
            """
            waited: for a free slot: LOCKSTEP_MAX_STEPS allows 2, held by run-1 ('build', process 7)
            ran: the run begins with it
            succeeded: it ended well [1000]
            time: 3000 waiting for a free slot of LOCKSTEP_MAX_STEPS
            time: 1000 running
            """,
            Of("w: echo a\n", "w/1"));
    }

    [Fact]
    public void A_step_was_slow_because_of_a_lock_and_of_whom()
    {
        At(0.1, new LockWaited(new("w/lock"), "", "db", "run-1 (migrate, process 7)"));
        At(5.1, new LockTaken(new("w/lock"), "", "db", Seconds(5)));
        Ran(5.1, "w/lock/1", 1);
        At(6.1, new LockReleased(new("w/lock"), "", "db", Seconds(1)));
        Assert.Equal(
            """
            w/lock waited: for the lock db, held by run-1 (migrate, process 7)
            w/lock locked: it got the lock db [5000]
            ran: the run begins with it
            succeeded: it ended well [1000]
            time: 5000 waiting for the lock db
            time: 1000 running
            """,
            Of("w: @lock(\"db\") { echo a }\n", "w/lock/1"));
    }

    [Fact]
    public void A_step_was_tried_again_because_of_an_error()
    {
        Ran(0.1, "w/retry/1", 0.2, Outcome.Failed, "exit code 7", "1");
        At(0.3, new StepRetried(new("w/retry"), "", 1, 3, _begin + Seconds(3.3), "w/retry/1: exit code 7"));
        Ran(3.3, "w/retry/1", 0.1, attempt: "2");
        Assert.Equal(
            """
            ran (1): the run begins with it
            failed (1): exit code 7 [200]
            w/retry retried: attempt 1 of 3 failed: w/retry/1: exit code 7 [3000]
            ran (2): attempt 1 of w/retry failed
            succeeded (2): it ended well [100]
            time: 300 running
            """,
            Of("w: @retry(3, delay = 3s) { echo a }\n", "w/retry/1"));
        Assert.Contains("time: 3000 waiting before the next attempt of w/retry", Of("w: @retry(3, delay = 3s) { echo a }\n", "w/retry"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_branch_was_not_taken_because_of_a_value_and_the_value_says_where_it_is_from()
    {
        At(0.1, new ConditionEvaluated(new("w/when"), "", "prod", "prod", "env=prod matches pattern 'prod'"));
        Ran(0.1, "w/when/prod/1", 0.1);
        const string Commands = "w(env): @when(env) {\n prod: echo careful @var(env)\n dev: echo quick\n}\n";
        Assert.Equal(
            """
            w/when condition: env=prod matches pattern 'prod'
            skipped: w/when took another branch: env=prod matches pattern 'prod'
            """,
            Of(Commands, "w/when/dev/1", "prod"));
        Assert.Equal(
            """
            w/when condition: env=prod matches pattern 'prod'
            ran: env=prod matches pattern 'prod'
            succeeded: it ended well [100]
            value: env = prod, given on the command line
            time: 100 running
            """,
            Of(Commands, "w/when/prod/1", "prod"));
    }

    [Fact]
    public void A_step_timed_out_because_of_a_time_out_around_it()
    {
        At(0.1, new TimerStarted(new("w/timeout"), "", Seconds(2)));
        Ran(0.1, "w/timeout/1", 2, Outcome.Cancelled, "timed out after 2s");
        At(2.1, End("w/timeout", 2, Outcome.TimedOut, "timed out after 2s"));
        Assert.Equal(
            """
            ran: the run begins with it
            cancelled: timed out after 2s [2000]
            w/timeout timed-out: timed out after 2s [2000]
            time: 2000 running
            """,
            Of("w: @timeout(2s) { sleep 9 }\n", "w/timeout/1"));
    }

    [Fact]
    public void A_result_is_of_the_run_that_this_one_was_forked_from()
    {
        Ran(0.1, "w/1", 0.2);
        At(9, new RunForked("run-1", 3, "the step w/2", ["env=dev"], "0123456789abcdef", 43, "0.1.0"));
        Ran(9, "w/2", 0.1);
        Assert.Equal(
            """
            ran: the run begins with it
            succeeded: it ended well, in run-1 [200]
            kept: it is a rerun of run-1 from the step w/2, with env=dev: what ended before that, to event 3, was not run here
            time: 200 running
            """,
            Of("w: {\n echo a\n echo b\n}\n", "w/1"));
    }

    [Fact]
    public void A_run_stood_still_because_somebody_asked_and_went_on_later()
    {
        Ran(0.1, "w/1", 0.2);
        At(0.3, new PauseAsked("ann", "lunch"));
        At(0.3, new RunPaused("asked by ann: lunch"));
        At(60.3, new RunResumed(43, "0.1.0", "it was paused", _begin + Seconds(0.3)));
        At(60.4, new RunInterrupted("SIGTERM", Immediately: false));
        At(60.5, new RunEnded(Outcome.Cancelled, 130, Seconds(0.5), null, "interrupted by SIGTERM"));
        const string Commands = "w: {\n echo a\n echo b\n}\n";
        Assert.Equal(
            """
            began: it was asked for: w prod
            paused: ann asked for it: lunch
            paused: it stood still: asked by ann: lunch
            resumed: process 43 went on with it: it was paused [60000]
            interrupted: SIGTERM asked it to end
            cancelled: exit code 130: interrupted by SIGTERM [500]
            time: 60000 standing still until it was resumed
            time: 200 running w/1
            """,
            Of(Commands, null));
        Assert.Equal("not-run: the run ended before its turn", Of(Commands, "w/2"));
    }

    [Fact]
    public void A_step_is_asked_about_before_its_turn_has_come()
        => Assert.Equal("not-run: its turn has not come yet", Of("w: {\n echo a\n echo b\n}\n", "w/2"));

    [Fact]
    public void Every_kind_of_event_is_an_answer_or_a_value()
    {
        var events = Story.OneOfEach("x", 1);
        var why = new Why(null, events);
        var told = new[] { why.Run(), why.Step(new("x")) }
            .SelectMany(explanation => explanation.Answers.Select(answer => answer.Event).Concat(explanation.Values.Select(value => value.Event ?? 0))).ToHashSet();
        Assert.All(events, happened => Assert.True(told.Contains(happened.Sequence), $"{happened.GetType().Name} is no answer to anything"));
    }

    private static readonly DateTimeOffset _begin = new(2026, 11, 20, 14, 30, 22, TimeSpan.Zero);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static StepStarted Started(string step, string attempt = "") => new(new(step), attempt, "text", "its turn");

    private static StepEnded End(string step, double took, Outcome outcome = Outcome.Succeeded, string? reason = null, string attempt = "")
        => new(new(step), attempt, outcome, 0, Seconds(took), reason, 0);

    private void At(double seconds, RunEvent happened) => _events.Add(happened with { Sequence = _events.Count + 1, At = _begin + Seconds(seconds) });

    private void Ran(double seconds, string step, double took, Outcome outcome = Outcome.Succeeded, string? reason = null, string attempt = "")
    {
        At(seconds, Started(step, attempt));
        At(seconds + took, End(step, took, outcome, reason, attempt));
    }

    private string Of(string commands, string? step, params string[] arguments)
    {
        using var stage = new Stage(commands);
        var plan = stage.Plan("w", arguments).Plan!;
        Assert.Contains(plan.Steps(), one => step is null || one.Id.Path == step);
        var why = new Why(plan, _events);
        var explanation = step is null ? why.Run() : why.Step(new StepId(step));
        return string.Join('\n',
        [
            .. explanation.Answers.Select(answer =>
                $"{(answer.Step is { } about && about.Path != step ? $"{about} " : "")}{answer.About}{(answer.Attempt.Length > 0 ? $" ({answer.Attempt})" : "")}: {answer.Text}{(answer.Took is { } took ? $" [{Whole(took)}]" : "")}"),
            .. explanation.Values.Select(value => $"value: {value.Name} = {value.Text}, {value.From}"),
            .. explanation.Time.Select(share => $"time: {Whole(share.Time)} {share.What}"),
        ]);
    }

    private static string Whole(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
}
