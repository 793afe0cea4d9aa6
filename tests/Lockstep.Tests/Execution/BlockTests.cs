using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class BlockTests
{
    [Fact]
    public void Workdir_is_relative_to_the_enclosing_one_and_made_when_asked()
    {
        using var stage = new Stage("""
            where: @workdir("a", createIfNotExists = true) {
                @workdir("b", createIfNotExists = true) { pwd }
            }
            missing: @workdir("nowhere") { pwd }
            """);
        Assert.EndsWith("/a/b\n", stage.Run("where").Output);
        var missing = stage.Run("missing");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("createIfNotExists", missing.Result.End.Reason);
    }

    [Fact]
    public void With_sets_variables_for_everything_inside_and_nothing_outside()
    {
        using var stage = new Stage("""
            env: {
                @with(GREETING = "hello there", LEVEL = 3) { echo "$GREETING $LEVEL" }
                echo "${GREETING:-none}"
            }
            """);
        Assert.Equal("hello there 3\nnone\n", stage.Run("env").Output);
    }

    [Fact]
    public void A_confirmation_denied_refuses_the_run()
    {
        using var stage = new Stage("drop: @confirm(\"Really?\") { echo dropped }\n");
        var report = stage.Run("drop");
        Assert.Equal((3, ""), (report.ExitCode, report.Output));
        Assert.False(Assert.Single(report.Events.OfType<ConfirmationAnswered>()).Granted);
    }

    [Fact]
    public void A_confirmation_granted_runs_the_block()
    {
        using var stage = new Stage("drop: @confirm(\"Really?\") { echo dropped }\n")
        {
            Options = new RunOptions { Confirm = (message, _, _) => Task.FromResult((message == "Really?", "a test")) },
        };
        Assert.Equal("dropped\n", stage.Run("drop").Output);
    }

    [Fact]
    public void Needs_run_once_a_run()
    {
        using var stage = new Stage("""
            gen: echo gen
            lib: {
                @needs(gen)
                echo lib
            }
            app: {
                @needs(gen, lib)
                echo app
            }
            """);
        var report = stage.Run("app");
        Assert.Equal("gen\nlib\napp\n", report.Output);
    }

    [Fact]
    public void Whoever_needs_a_command_first_runs_it_wherever_the_plan_shows_its_steps()
    {
        using var stage = new Stage("""
            gen: echo gen
            first: {
                while [ ! -e second ]; do sleep 0.01; done
                @needs(gen)
                echo first
            }
            second: {
                @needs(gen)
                touch second
            }
            all: @needs(first, second)
            """);
        Assert.Equal("gen\nfirst\n", stage.Run("all").Output);
    }

    [Fact]
    public void A_needed_command_that_was_ended_or_failed_is_run_again_by_who_needs_it_later()
    {
        using var stage = new Stage("""
            flaky: { echo x >> tries; [ $(wc -l < tries) -eq 2 ] }
            again: @retry(2, delay = 1ms) { @needs(flaky) }
            slow: [ -e there ] || { touch there; sleep 600; }
            after: @try {
                main: @timeout(300ms) { @needs(slow) }
                catch: @needs(slow)
            }
            """);
        Assert.Equal(0, stage.Run("again").ExitCode);
        Assert.Equal(0, stage.Run("after").ExitCode);
    }

    [Fact]
    public void A_cached_block_runs_when_a_later_step_uses_what_it_prints()
    {
        using var stage = new Stage("make: echo v1\ngo: {\n @cache(inputs = \"commands.cli\", outputs = \"none/*\") { @cmd(make) }\n echo got @output(make)\n }\n");
        Assert.EndsWith("got v1\n", stage.Run("go").Output);
        Assert.EndsWith("got v1\n", stage.Run("go").Output);
    }

    [Fact]
    public void When_runs_the_branch_of_the_value_and_skips_without_one()
    {
        using var stage = new Stage("""
            var TIER = "staging"
            go: @when(TIER) {
                production: echo prod
                staging: echo stage
            }
            none: @when(TIER) {
                production: echo prod
            }
            late: @when(KIND) {
                a: echo is a
                default: echo other
            }
            var KIND = @sh("echo a")
            """);
        Assert.Equal("stage\n", stage.Run("go").Output);
        var none = stage.Run("none");
        Assert.Equal((0, ""), (none.ExitCode, none.Output));
        Assert.NotEmpty(none.Skipped);
        Assert.Equal("is a\n", stage.Run("late").Output);
    }

    [Fact]
    public void A_lock_is_held_by_one_run_at_a_time()
    {
        using var stage = new Stage("go: @lock(\"db\") { mkdir held && rmdir held }\n");
        var reports = Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => stage.Run("go")).ToArray();
        Assert.All(reports, report => Assert.Equal(0, report.ExitCode));
        Assert.All(reports, report => Assert.Single(report.Events.OfType<LockTaken>()));
    }

    [Fact]
    public void A_cached_block_is_skipped_and_its_outputs_restored_until_an_input_changes()
    {
        using var stage = new Stage("build: @cache(inputs = \"src/**\", outputs = \"out/**\") {\n echo built\n mkdir -p out; cp src/a out/a\n }\n");
        stage.Folder.Write("project/src/a", "1");
        Assert.Equal("built\n", stage.Run("build").Output);
        Directory.Delete(stage["out"], recursive: true);
        Assert.Equal("", stage.Run("build").Output);
        Assert.Equal("1", stage.Read("out/a"));
        stage.Folder.Write("project/src/a", "2");
        Assert.Equal("built\n", stage.Run("build").Output);
    }

    [Fact]
    public void A_log_message_goes_where_its_level_says()
    {
        using var stage = new Stage("say: {\n @log(\"{green}fine{/green}\")\n @log(\"bad\", level = \"error\")\n @log(\"quiet\", level = \"debug\")\n }\n");
        var report = stage.Run("say");
        Assert.Equal(("fine\n", "bad\n"), (report.Output, report.Errors));
    }

    [Fact]
    public void Parameters_take_arguments_in_order_and_by_name()
    {
        using var stage = new Stage("deploy(env = \"staging\", tag): echo @var(env) @var(tag)\n");
        Assert.Equal("prod v1\n", stage.Run("deploy", null, "prod", "v1").Output);
        Assert.Equal("staging v2\n", stage.Run("deploy", null, "--tag=v2").Output);
    }
}
