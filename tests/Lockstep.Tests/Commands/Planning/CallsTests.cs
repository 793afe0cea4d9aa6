using System.Text;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Tests.Commands.Planning;

public sealed class CallsTests
{
    [Fact]
    public void A_command_that_is_needed_twice_has_its_steps_in_the_plan_once()
    {
        var calls = Planner.Of("""
            gen: ./gen.sh
            a: {
              @needs(gen)
              ./a.sh
            }
            b: {
              @needs(gen, a)
              ./b.sh
            }
            all: {
              @needs(a, b)
              @needs(gen)
            }
            """).Good("all").Steps().OfType<CallNode>().ToList();
        Assert.All(calls, call => Assert.True(call.Once));
        Assert.Equal(3, calls.Count(call => call.Body is not null));
        Assert.Equal(6, calls.Count);
    }

    [Fact]
    public void What_a_branch_needs_that_was_not_chosen_is_planned_again_where_it_is_needed_for_sure()
    {
        var calls = Planner.Of("""
            gen: ./gen.sh
            all: {
              @when("STAGE") {
                production: @needs(gen)
                default: echo
              }
              @needs(gen)
            }
            """).Good("all").Steps().OfType<CallNode>();
        Assert.All(calls, call => Assert.NotNull(call.Body));
    }

    [Fact]
    public void A_call_runs_its_command_again_each_time()
        => Assert.All(Planner.Of("a: make\nx: @cmd(a) && @cmd(a)").Good("x").Steps().OfType<CallNode>(), call =>
        {
            Assert.False(call.Once);
            Assert.NotNull(call.Body);
        });

    [Theory]
    [InlineData(2_000)]
    [InlineData(50_000)]
    public void Commands_may_call_each_other_to_any_depth(int depth)
    {
        var text = new StringBuilder();
        for (var i = 0; i < depth; i++) text.Append($"c{i}: @cmd(c{i + 1})\n");
        text.Append($"c{depth}: echo end\n");
        var plan = Planner.Of(text.ToString()).Good("c0");
        Assert.Equal(depth, plan.Steps().OfType<CallNode>().Count());
        Assert.Equal(depth + 2, plan.Steps().Select(step => step.Id).Distinct().Count());
    }

    [Fact]
    public void A_circle_is_reported_where_it_closes_however_long_it_is()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 20_000; i++) text.Append($"c{i}: @cmd(c{(i + 1) % 20_000})\n");
        Assert.Equal(
            "LS1116 20000: commands call each other in a circle: c0 -> c1 -> c2 -> c3 -> c4 -> c5 -> … -> c19996 -> c19997 -> c19998 -> c19999 -> c0"
            + " | take one of these calls out",
            Planner.Of(text.ToString()).Errors("c0"));
    }

    [Fact]
    public void A_plan_that_would_never_end_stops_at_its_limit()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 60; i++) text.Append($"c{i}: {{\n  @cmd(c{i + 1})\n  @cmd(c{i + 1})\n}}\n");
        text.Append("c60: echo end\n");
        Assert.Equal("""
            commands.cli:1:1: error LS1208: the plan of c0 has over 100,000 steps
              1 | c0: {
                | ^
              help: call fewer commands from each other, or run parts of it by themselves

            """, Planner.Print(Planner.Of(text.ToString()).Plan("c0").Diagnostics));
    }

    [Fact]
    public void What_a_plan_does_not_reach_is_not_looked_at()
    {
        const string text = "good: make\nbad: @cmd(nowhere)\nworse: @timeout(abc) { make }";
        Assert.Equal("good:\n└─ make\n", Planner.Of(text).Tree("good"));
        Assert.Equal(2, Planner.Of(text).CheckAll().Split('\n').Length);
    }

    [Fact]
    public void Every_step_knows_its_place_in_the_file()
    {
        var plan = Planner.Of("a: make\n\nx: {\n  @cmd(a)\n}").Good("x");
        Assert.Equal(["commands.cli:4:3", "commands.cli:1:4"], plan.Steps().Skip(1).Select(step => step.Place.ToString()));
    }

    [Fact]
    public void A_plan_says_what_it_is_of_and_what_it_was_made_from()
    {
        var plan = Planner.Of("watch server: npm start").Plan(PlanMode.Watch, "server").Plan!;
        Assert.Equal(("server", PlanMode.Watch, "linux"), (plan.Command, plan.Mode, plan.Context.Os));
    }

    [Fact]
    public void A_name_finds_its_command_or_its_watch_and_a_stop_only_when_asked_for()
    {
        var planner = Planner.Of("watch server: npm start\nstop server: npm stop\nbuild: make");
        Assert.Equal(PlanMode.Watch, planner.Plan("server").Plan!.Mode);
        Assert.Equal(PlanMode.Stop, planner.Plan(PlanMode.Stop, "server").Plan!.Mode);
        Assert.Equal(PlanMode.Run, planner.Plan("build").Plan!.Mode);
        Assert.Null(planner.Plan(PlanMode.Watch, "build").Plan);
        Assert.Null(planner.Plan(PlanMode.Stop, "build").Plan);
    }

    [Fact]
    public void Files_that_say_debounce_are_warned_unless_a_watch_runs_it()
    {
        const string block = "@debounce(1s, \"*.ts\") { make }";
        Assert.Equal("", Planner.Of($"a: {block}\nwatch w: {block}").CheckAll().Replace("LS1118 1: @debounce does nothing here, as no watch runs this"
            + " | write watch before the command's name, or take the @debounce out", "", StringComparison.Ordinal));
        Assert.True(Planner.Of($"a: {block}").Plan("a").IsUsable);
    }
}
