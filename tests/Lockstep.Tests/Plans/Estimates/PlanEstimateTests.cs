using System.Globalization;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;

namespace Lockstep.Tests.Plans.Estimates;

/// <summary>Each step's command is the number of seconds it took before; <c>?</c> has no history.</summary>
public sealed class PlanEstimateTests
{
    [Fact]
    public void Steps_in_order_take_the_sum() => Assert.Equal(6, Seconds(Step(1), Step(2), Step(3)));

    [Fact]
    public void Steps_beside_each_other_take_as_long_as_the_longest() => Assert.Equal(3, Seconds(Sketch.Parallel(Step(1), Step(3), Step(2))));

    [Fact]
    public void With_fewer_places_than_steps_each_starts_when_a_place_is_free()
        => Assert.Equal(5, Seconds(new ParallelNode(Sketch.Id(), ParallelMode.All, 2, [Step(3), Step(1), Step(1), Step(3)])));

    [Fact]
    public void Where_the_plan_sets_no_limit_the_machines_counts()
    {
        var plan = Sketch.Plan("d", Sketch.Parallel([.. Enumerable.Repeat(0, 16).Select(_ => Step(1))]));
        Assert.Equal(4, Estimate(plan, cores: 1).Median.TotalSeconds);
        Assert.Equal(2, Estimate(plan, cores: 4).Median.TotalSeconds);
    }

    [Fact]
    public void A_retry_is_expected_to_succeed_at_once() => Assert.Equal(2, Seconds(Sketch.Retry(5, TimeSpan.FromMinutes(1), Step(2))));

    [Fact]
    public void A_time_out_ends_what_takes_longer() => Assert.Equal(4, Seconds(Sketch.Timeout(TimeSpan.FromSeconds(4), Step(9))));

    [Fact]
    public void Of_branches_nothing_has_chosen_from_the_longest_counts_and_of_others_the_chosen_one()
    {
        Assert.Equal(7, Seconds(When(null)));
        Assert.Equal(2, Seconds(When("a")));
        Assert.Equal(0, Seconds(When("c")));
        Assert.Equal((1, 0), Counts(Sketch.Plan("d", When("a"))));
    }

    [Fact]
    public void A_catch_and_an_alternative_are_not_expected_and_a_finally_is()
    {
        Assert.Equal(3, Seconds(new TryCatchNode(Sketch.Id(), Step(1), Step(50), Step(2))));
        Assert.Equal(1, Seconds(new ChainNode(Sketch.Id(), ChainOperator.Or, [Step(1), Step(50)])));
        Assert.Equal(3, Seconds(new ChainNode(Sketch.Id(), ChainOperator.Pipe, [Step(1), Step(3)])));
        Assert.Equal(4, Seconds(new ChainNode(Sketch.Id(), ChainOperator.And, [Step(1), Step(3)])));
    }

    [Fact]
    public void A_command_that_waits_for_another_that_is_needed_beside_it_takes_its_time_too()
    {
        var test = new SequenceNode(Sketch.Id(), [new NeedsNode(Sketch.Id(), [Need("build", null)]), Step(2)]);
        Assert.Equal(7, Seconds(new NeedsNode(Sketch.Id(), [Need("build", Step(5)), Need("test", test)])));
    }

    [Fact]
    public void A_command_that_has_run_when_it_is_needed_again_takes_no_time()
        => Assert.Equal(6, Seconds(new NeedsNode(Sketch.Id(), [Need("build", Step(5))]), new NeedsNode(Sketch.Id(), [Need("build", null)]), Step(1)));

    [Fact]
    public void Steps_without_history_are_counted()
    {
        var plan = Sketch.Plan("d", Step(1), Sketch.Shell("?"), Sketch.Log("hello"));
        Assert.Equal((2, 1), Counts(plan));
        Assert.Equal(1, Estimate(plan).Median.TotalSeconds);
    }

    [Fact]
    public void The_median_and_nine_of_ten_are_of_the_times_themselves()
    {
        Assert.Equal(new StepTiming(S(1), S(1), 1), StepTiming.Of([S(1)]));
        Assert.Equal(new StepTiming(S(1.5), S(2), 2), StepTiming.Of([S(2), S(1)]));
        Assert.Equal(new StepTiming(S(5.5), S(9), 10), StepTiming.Of([S(10), S(9), S(8), S(7), S(6), S(5), S(4), S(3), S(2), S(1)]));
        Assert.Equal(S(18), StepTiming.Of([.. Enumerable.Range(1, 20).Select(i => S(i))]).P90);
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_wrappers_is_no_problem()
    {
        PlanNode step = Step(2);
        for (var i = 0; i < 100_000; i++) step = Sketch.Timeout(TimeSpan.FromHours(1), step);
        Assert.Equal(2, Seconds(step));
    }

    [Fact]
    public void The_tree_has_a_note_at_steps_and_the_document_the_estimate_beside_the_plan()
    {
        var step = Step(2);
        var plan = Sketch.Plan("d", Sketch.Parallel(step, Sketch.Shell("?")));
        Assert.Equal("d:\n└─ @parallel {2 concurrent}\n   ├─ 2 {2s}\n   └─ ?\n", plan.Tree(new TreeOptions { Note = node => node.Id == step.Id ? "2s" : null }));

        using var written = new MemoryStream();
        PlanJson.Write(written, plan, estimate: Estimate(plan));
        Assert.EndsWith(
            $$$"""],"estimate":{"median_ms":2000,"p90_ms":4000,"measured":2,"unknown":1,"steps":[{"step":"{{{step.Id}}}","median_ms":2000,"p90_ms":4000,"runs":9}]}}""" + "\n",
            System.Text.Encoding.UTF8.GetString(written.ToArray()), StringComparison.Ordinal);
        Assert.Equal(GraphHash.Of(plan), GraphHash.Of(PlanJson.Read(written.ToArray())));
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static ShellNode Step(int seconds) => Sketch.Shell(seconds.ToString(CultureInfo.InvariantCulture));

    private static CallNode Need(string command, PlanNode? body) => new(Sketch.Id(), command, [], body) { Once = true };

    private static ConditionalNode When(string? chosen) => new(
        Sketch.Id(), "X", null, [new("a", Step(2)), new("b", Step(7))], chosen is null ? null : ConditionResult.Choose("X", chosen, false, ["a", "b"]));

    private static double Seconds(params PlanNode[] steps) => Estimate(Sketch.Plan("d", steps)).Median.TotalSeconds;

    private static (int Measured, int Unknown) Counts(Plan plan)
    {
        var estimate = Estimate(plan);
        return (estimate.Measured, estimate.Unknown);
    }

    private static PlanEstimate Estimate(Plan plan, int cores = 2)
    {
        var timings = new Dictionary<StepId, StepTiming>();
        foreach (var shell in plan.Steps().OfType<ShellNode>())
            if (int.TryParse(((LiteralText)shell.Text.Pieces[0]).Text, CultureInfo.InvariantCulture, out var seconds)) timings[shell.Id] = new(S(seconds), S(2 * seconds), 9);
        return PlanEstimate.Of(plan, timings, cores);
    }
}
