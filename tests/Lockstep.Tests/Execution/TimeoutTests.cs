using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class TimeoutTests
{
    [Fact]
    public void A_step_that_takes_too_long_is_ended_and_the_run_times_out()
    {
        using var stage = new Stage("slow: @timeout(50ms) { sleep 600 }\n");
        var report = stage.Run("slow");
        Assert.Equal(124, report.ExitCode);
        Assert.Equal(Outcome.TimedOut, report.Outcome);
        Assert.Equal("slow/timeout", report.Result.End.RootCause?.Path);
        Assert.Equal("timed out after 50ms", report.Result.End.Reason);
    }

    [Fact]
    public void A_body_that_ends_in_time_is_left_alone()
    {
        using var stage = new Stage("quick: @timeout(10m) { echo done }\n");
        Assert.Equal(0, stage.Run("quick").ExitCode);
    }

    [Fact]
    public void The_innermost_time_out_wins_and_a_catch_may_handle_it()
    {
        using var stage = new Stage("""
            slow: @timeout(10m) {
                @try {
                    main: @timeout(50ms) { sleep 600 }
                    catch: echo handled
                }
            }
            """);
        var report = stage.Run("slow");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal("handled\n", report.Output);
    }

    [Fact]
    public void Finally_runs_when_time_is_up()
    {
        using var stage = new Stage("""
            slow: @timeout(50ms) {
                @try {
                    main: sleep 600
                    finally: echo cleaned
                }
            }
            """);
        var report = stage.Run("slow");
        Assert.Equal(124, report.ExitCode);
        Assert.Equal("cleaned\n", report.Output);
    }
}
