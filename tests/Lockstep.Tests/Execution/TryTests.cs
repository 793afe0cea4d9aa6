using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class TryTests
{
    [Fact]
    public void Catch_runs_when_main_fails_and_its_success_handles_the_failure()
    {
        using var stage = new Stage("go: @try {\n main: exit 3\n catch: echo caught\n finally: echo last\n }\n");
        var report = stage.Run("go");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal("caught\nlast\n", report.Output);
    }

    [Fact]
    public void Catch_that_fails_decides_the_result()
    {
        using var stage = new Stage("go: @try {\n main: exit 3\n catch: exit 4\n }\n");
        Assert.Equal(4, stage.Run("go").ExitCode);
    }

    [Fact]
    public void Finally_runs_after_success_and_after_failure_which_stays_a_failure()
    {
        using var stage = new Stage("good: @try {\n main: echo a\n finally: echo z\n }\nbad: @try {\n main: exit 5\n finally: echo z\n }\n");
        Assert.Equal("a\nz\n", stage.Run("good").Output);
        var bad = stage.Run("bad");
        Assert.Equal((5, "z\n"), (bad.ExitCode, bad.Output));
    }

    [Fact]
    public void A_failure_in_finally_fails_the_step()
    {
        using var stage = new Stage("go: @try {\n main: true\n finally: exit 6\n }\n");
        Assert.Equal(6, stage.Run("go").ExitCode);
    }

    [Fact]
    public void A_catch_that_is_not_needed_is_skipped_with_the_reason()
    {
        using var stage = new Stage("go: @try {\n main: true\n catch: echo no\n }\n");
        var skipped = Assert.Single(stage.Run("go").Events.OfType<StepSkipped>());
        Assert.Contains("succeeded", skipped.Reason);
    }
}
