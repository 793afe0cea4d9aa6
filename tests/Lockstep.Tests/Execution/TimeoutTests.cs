using Lockstep.Execution;
using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class TimeoutTests
{
    [Fact]
    public void A_program_that_ends_well_when_it_is_asked_to_end_has_timed_out_all_the_same()
    {
        using var stage = new Stage("""
            slow: {
                @timeout(200ms) { sh -c 'trap "exit 0" TERM; echo begun >> trace; sleep 1000 & wait' }
                echo never >> trace
            }

            """);

        var report = stage.Run("slow");

        Assert.Equal(ExitCode.TimedOut, report.ExitCode);
        Assert.DoesNotContain("never", File.Exists(stage["trace"]) ? stage.Read("trace") : "", StringComparison.Ordinal);
    }

    [Fact]
    public void Time_that_runs_out_just_as_a_step_ends_hurts_nothing()
    {
        using var stage = new Stage("many: {\n" + string.Concat(Enumerable.Repeat("    @try {\n        main: @timeout(3ms) { sleep 0.002 }\n        catch: true\n    }\n", 150)) + "}\n");

        Assert.Equal(ExitCode.Success, stage.Run("many").ExitCode);
    }

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
