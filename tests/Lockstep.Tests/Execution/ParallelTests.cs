using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class ParallelTests
{
    [Fact]
    public void Branches_run_at_the_same_time()
    {
        // Each waits for the file that the other makes: one after the other neither would end.
        using var stage = new Stage("""
            meet: @parallel {
                touch a; while [ ! -e b ]; do sleep 0.01; done
                touch b; while [ ! -e a ]; do sleep 0.01; done
            }
            """);
        Assert.Equal(0, stage.Run("meet").ExitCode);
    }

    [Fact]
    public void No_more_than_the_limit_run_at_once()
    {
        using var stage = new Stage("""
            meet: @parallel(concurrency = 1) {
                mkdir held && rmdir held
                mkdir held && rmdir held
                mkdir held && rmdir held
            }
            """);
        Assert.Equal(0, stage.Run("meet").ExitCode);
    }

    [Fact]
    public void Fail_fast_starts_no_more_and_lets_running_ones_end()
    {
        using var stage = new Stage("""
            all: @parallel(concurrency = 2) {
                while [ ! -e started ]; do sleep 0.01; done; exit 3
                touch started; while [ ! -e go ]; do sleep 0.01; done; touch ended
                touch never
            }
            """);
        var report = stage.Run("all", happened =>
        {
            if (happened is StepEnded { Outcome: Outcome.Failed }) File.WriteAllText(stage["go"], "");
        });
        Assert.Equal(3, report.ExitCode);
        Assert.True(File.Exists(stage["ended"]));
        Assert.False(File.Exists(stage["never"]));
        Assert.Equal(["all/parallel/3"], report.Skipped);
    }

    [Fact]
    public void Branches_left_when_time_is_up_are_no_success()
    {
        using var stage = new Stage("all: @timeout(300ms) { @parallel(concurrency = 1) { sh -c 'trap \"exit 0\" TERM; while :; do sleep 0.01; done'; touch never } }\n");
        Assert.Equal(124, stage.Run("all").ExitCode);
        Assert.False(File.Exists(stage["never"]));
    }

    [Fact]
    public void Immediate_cancels_the_running_ones()
    {
        using var stage = new Stage("""
            all: @parallel(mode = "immediate") {
                while [ ! -e started ]; do sleep 0.01; done; exit 3
                touch started; sleep 600
            }
            """);
        var report = stage.Run("all");
        Assert.Equal(3, report.ExitCode);
        Assert.Equal(["all/parallel/2"], report.Ended(Outcome.Cancelled));
    }

    [Fact]
    public void All_runs_all_and_reports_every_failure()
    {
        using var stage = new Stage("""
            all: @parallel(mode = "all", concurrency = 1) {
                exit 3
                exit 4
                touch last
            }
            """);
        var report = stage.Run("all");
        Assert.Equal(3, report.ExitCode);
        Assert.Equal(2, report.Ended(Outcome.Failed).Length);
        Assert.True(File.Exists(stage["last"]));
    }

    [Fact]
    public void Branches_that_really_wait_for_a_place_are_told_once()
    {
        using var stage = new Stage("w: @parallel(concurrency = 2) {\n echo a\n echo b\n echo c\n echo d\n}\nfree: @parallel(concurrency = 2) {\n echo a\n echo b\n}\n");
        var waited = Assert.Single(stage.Run("w").Events.OfType<BranchesWaited>());
        Assert.Equal(("w/parallel", 2, 2, "the plan lets 2 run at once"), (waited.Step.Path, waited.Limit, waited.Waiting, waited.Reason));
        Assert.Empty(stage.Run("free").Events.OfType<BranchesWaited>());
    }
}
