using System.Text;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Sqlite;

namespace Lockstep.Tests.Execution.Resume;

public sealed class RerunTests
{
    private const string Steps = "w: {\n echo a >> trace\n sh -c 'test -f ok || exit 3'\n echo c >> trace\n}\n";

    [Fact]
    public void A_rerun_from_a_step_keeps_what_ended_before_it_and_runs_the_rest()
    {
        using var stage = new Stage(Steps);
        var first = stage.Run("w");
        Assert.Equal(3, first.ExitCode);
        stage.Folder.Write("project/ok", "");
        var again = stage.Rerun(first.Result.Run, "w/2");
        Assert.Equal(Outcome.Succeeded, again.Outcome);
        Assert.Equal("a\nc\n", stage.Read("trace"));
        Assert.NotEqual(first.Result.Run, again.Result.Run);
    }

    [Fact]
    public void The_run_that_was_forked_stays_as_it_was()
    {
        using var stage = new Stage(Steps);
        var first = stage.Run("w").Result.Run;
        var before = stage.Kept(first).Select(EventJson.ToUtf8).Select(Encoding.UTF8.GetString).ToList();
        var listed = stage.Listed(first);
        stage.Rerun(first, "w/2");
        Assert.Equal(before, stage.Kept(first).Select(EventJson.ToUtf8).Select(Encoding.UTF8.GetString));
        Assert.Equal(listed, stage.Listed(first));
    }

    [Fact]
    public void A_fork_says_what_it_was_forked_from_and_which_values_it_has()
    {
        using var stage = new Stage("w(env): {\n echo @var(env) >> trace\n echo b @var(env) >> trace\n}\n");
        var first = stage.Run("w", null, "prod").Result.Run;
        var again = stage.Rerun(first, "w/2", Inputs("env", "dev")).Result.Run;
        var events = stage.Kept(again);
        var forked = Assert.Single(events.OfType<RunForked>());
        Assert.Equal((first.Text, "the step w/2"), (forked.Parent, forked.From));
        Assert.Equal(["env=dev"], forked.Changes);
        Assert.Equal(forked.After, forked.Sequence - 1);
        Assert.Equal((first, forked.After), (stage.Listed(again).Parent, stage.Listed(again).ForkedAfter));
        using var history = History.Open(stage.Folder["store"]);
        Assert.Equal([again], history.ForksOf(first).Select(run => run.Id));
        Assert.Equal("prod\nb prod\nb dev\n", stage.Read("trace"));
    }

    [Fact]
    public void A_rerun_from_the_beginning_runs_all_with_the_plan_of_then()
    {
        using var stage = new Stage("var WHO = \"ann\"\nw: echo @var(WHO) >> trace\n");
        var first = stage.Run("w").Result.Run;
        stage.Folder.Write("project/commands.cli", "w: echo edited >> trace\n");
        stage.Rerun(first);
        stage.Rerun(first, null, new GivenValues { Variables = new Dictionary<string, string> { ["WHO"] = "ben" } });
        Assert.Equal("ann\nann\nben\n", stage.Read("trace"));
    }

    [Fact]
    public void A_checkpoint_is_where_the_run_stood_when_it_was_made()
    {
        using var stage = new Stage("w: {\n echo a >> trace\n echo b >> trace\n echo c >> trace\n}\n");
        var first = stage.Run("w", happened =>
        {
            if (happened is StepEnded { Step.Path: "w/2" }) stage.Options.Control.Ask(new CheckpointRequest("tested", "ann"));
        }).Result.Run;
        Assert.Single(stage.Kept(first).OfType<CheckpointCreated>());
        stage.Rerun(first, "tested");
        var lines = stage.Read("trace").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["a", "b", "c"], lines[..3]);
        Assert.DoesNotContain("a", lines[3..]);
        Assert.Equal("c", lines[^1]);
    }

    [Fact]
    public void Of_two_checkpoints_of_a_name_the_later_counts()
    {
        var step = new StepId("w/1");
        RunEvent[] events = [At(1, new RunStarted("w", [], "/", "0", "0", 1)), At(2, new CheckpointCreated("x", "ann")), At(3, new StepStarted(step, "", "", "")), At(4, new CheckpointCreated("x", "ann"))];
        using var stage = new Stage("w: echo a\n");
        Assert.Equal(4, ForkPoint.Of(stage.Plan("w").Plan!, events, "x").After);

        static RunEvent At(long sequence, RunEvent happened) => happened with { Sequence = sequence };
    }

    [Fact]
    public void A_condition_follows_a_value_that_was_replaced()
    {
        using var stage = new Stage("w(env): {\n echo first\n @when(env) {\n  prod: echo careful >> trace\n  dev: echo quick >> trace\n }\n}\n");
        var first = stage.Run("w", null, "prod").Result.Run;
        var again = stage.Rerun(first, "w/when", Inputs("env", "dev")).Result.Run;
        Assert.Equal("careful\nquick\n", stage.Read("trace"));
        using var history = History.Open(stage.Folder["store"]);
        Assert.Contains("\"selected_branch\":\"dev\"", Encoding.UTF8.GetString(history.Plan(again)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_ended_before_the_fork_keeps_its_result_whatever_values_it_saw()
    {
        using var stage = new Stage("a(env): echo @var(env)\nw(env): {\n @cmd(a, env)\n echo got @output(a), now @var(env) >> trace\n}\n");
        var first = stage.Run("w", null, "prod").Result.Run;
        stage.Rerun(first, "w/1", Inputs("env", "dev"));
        Assert.Equal("got prod, now prod\ngot prod, now dev\n", stage.Read("trace"));
    }

    [Fact]
    public void What_was_running_where_a_run_is_forked_runs_again()
    {
        using var stage = new Stage("w: @parallel {\n sh -c 'echo slow >> trace; while ! test -f go; do sleep 0.01; done'\n sh -c 'echo fast >> trace; touch go'\n}\n");
        var first = stage.Run("w").Result.Run;
        var again = stage.Rerun(first, "w/parallel/2");
        Assert.Equal(Outcome.Succeeded, again.Outcome);
        Assert.Equal("it was running where the run was forked from, so it runs again", again.Events.OfType<StepStarted>().Single(started => started.Step.Path == "w/parallel/1").Reason);
    }

    [Fact]
    public void What_may_happen_only_once_and_was_running_at_the_fork_is_verified()
    {
        using var stage = new Stage("""
            w: @parallel {
              @effect("once", verify = "grep -q paid trace") { sh -c 'echo paid >> trace; while ! test -f go; do sleep 0.01; done' }
              touch go
            }

            """);
        var first = stage.Run("w").Result.Run;
        Assert.Equal(Outcome.Succeeded, stage.Rerun(first, "w/parallel/1").Outcome);
        Assert.Equal("paid\n", stage.Read("trace"));
    }

    [Fact]
    public void A_fork_that_crashed_goes_on_as_any_run_and_a_fork_can_be_forked()
    {
        using var stage = new Stage("w: {\n echo a >> trace\n echo b >> trace\n echo c >> trace\n}\n");
        var life = new Life(stage, "w");
        var first = life.Begin().Result.Run;
        var fork = stage.Rerun(first, "w/2").Result.Run;
        life.CrashAfter(fork, stage.Kept(fork).OfType<StepEnded>().Single(ended => ended.Step.Path == "w/2").Sequence);
        stage.Resume(fork);
        Assert.Equal("a\nb\nc\nb\nc\nc\n", stage.Read("trace"));
        var second = stage.Rerun(fork, "w/3").Result.Run;
        Assert.Equal("a\nb\nc\nb\nc\nc\nc\n", stage.Read("trace"));
        Assert.Equal([first.Text, fork.Text], stage.Kept(second).OfType<RunForked>().Select(forked => forked.Parent));
    }

    [Fact]
    public void A_fork_has_the_output_of_the_steps_it_took_over()
    {
        using var stage = new Stage("w: {\n echo a\n echo b\n}\n");
        var again = stage.Rerun(stage.Run("w").Result.Run, "w/2").Result.Run;
        using var history = History.Open(stage.Folder["store"]);
        Assert.Equal(["a\n", "b\n"], history.Logs(again).Select(log => File.ReadAllText(log.Path)));
    }

    [Theory]
    [MemberData(nameof(CrashTests.Shapes), MemberType = typeof(CrashTests))]
    public void A_rerun_from_any_step_ends_as_the_run_did(string shape, string commands)
    {
        using var stage = new Stage(commands + "\n");
        var first = stage.Run("w");
        var forks = 0;
        foreach (var step in stage.Kept(first.Result.Run).OfType<StepStarted>().Select(started => started.Step).Distinct())
        {
            var again = stage.Rerun(first.Result.Run, step.Path);
            Assert.True(first.Outcome == again.Outcome && first.ExitCode == again.ExitCode, $"{shape}, from {step}: {again.Result.End}");
            var kept = stage.Kept(again.Result.Run);
            Assert.Equal(Enumerable.Range(1, kept.Count).Select(number => (long)number), kept.Select(happened => happened.Sequence));
            forks++;
        }

        Assert.True(forks > 0, shape);
    }

    [Theory]
    [InlineData("w/9", "the run has neither a step nor a checkpoint called 'w/9'")]
    [InlineData("w/3", "the step w/3 was not run: w/2 did not succeed")]
    public void Where_a_run_never_was_it_is_not_forked(string from, string why)
    {
        using var stage = new Stage(Steps);
        var first = stage.Run("w").Result.Run;
        Assert.Equal(why, Assert.Throws<ForkPointException>(() => stage.Rerun(first, from)).Message);
    }

    [Fact]
    public void A_value_that_no_step_uses_is_refused_with_the_nearest_name()
    {
        using var stage = new Stage("w(env): echo @var(env)\n");
        var first = stage.Run("w", null, "prod").Result.Run;
        var wrong = Assert.Throws<ValueNotGivenException>(() => stage.Rerun(first, null, Inputs("enw", "dev")));
        Assert.Equal(("no step of the plan uses a parameter 'enw'", "write --input env=…"), (wrong.Message, wrong.Help));
    }

    [Fact]
    public void A_sensitive_value_has_to_be_given_again_and_is_never_kept()
    {
        using var stage = new Stage("w(token): {\n echo a >> trace\n sh -c 'test ${#0} = 10 && echo right >> trace' @var(token)\n}\n");
        var first = stage.Run("w", null, "swordfish1").Result.Run;
        var missing = Assert.Throws<ValueNotGivenException>(() => stage.Rerun(first, "w/2"));
        Assert.Equal(["--input token=…"], missing.Flags);
        Assert.Equal(Outcome.Succeeded, stage.Rerun(first, "w/2", Inputs("token", "swordfish1")).Outcome);
        Assert.Equal("a\nright\nright\n", stage.Read("trace"));
        foreach (var file in Directory.EnumerateFiles(stage.Folder["store"], "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("swordfish1", Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_paused_run_with_a_sensitive_value_stays_paused_until_it_is_given()
    {
        using var stage = new Stage("var PASSWORD = \"swordfish2\"\nw(token): {\n echo a >> trace\n sh -c 'echo \"$0\" | wc -c >> trace; echo \"$1\" | wc -c >> trace' @var(token) @var(PASSWORD)\n}\n");
        var first = stage.Run("w", happened =>
        {
            if (happened is StepEnded { Step.Path: "w/1" }) stage.Options.Control.Ask(new PauseRequest("ann", null));
        }, "swordfish").Result.Run;
        Assert.Equal(RunStatus.Paused, stage.Listed(first).Status);
        var missing = Assert.Throws<ValueNotGivenException>(() => stage.Resume(first));
        Assert.Equal(["--input token=…"], missing.Flags);
        File.AppendAllText(stage["commands.cli"], "# edited\n");
        Assert.Equal(["--input token=…", "--set PASSWORD=…"], Assert.Throws<ValueNotGivenException>(() => stage.Resume(first)).Flags);
        Assert.Equal(RunStatus.Paused, stage.Listed(first).Status);
        var values = Inputs("token", "swordfish") with { Variables = new Dictionary<string, string> { ["PASSWORD"] = "swordfish2" } };
        Assert.Equal(Outcome.Succeeded, stage.Resume(first, new RunOptions { Values = values }).Outcome);
        Assert.Equal(["a", "10", "11"], stage.Read("trace").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_resumed_run_takes_no_value_that_it_has()
    {
        using var stage = new Stage("w(env): {\n echo a\n echo @var(env)\n}\n");
        var first = stage.Run("w", happened =>
        {
            if (happened is StepEnded { Step.Path: "w/1" }) stage.Options.Control.Ask(new PauseRequest("ann", null));
        }, "prod").Result.Run;
        var wrong = Assert.Throws<ValueNotGivenException>(() => stage.Resume(first, new RunOptions { Values = Inputs("env", "dev") }));
        Assert.Equal("the run goes on with the value that 'env' has", wrong.Message);
    }

    private static GivenValues Inputs(string name, string text) => new() { Inputs = new Dictionary<string, string> { [name] = text } };
}
