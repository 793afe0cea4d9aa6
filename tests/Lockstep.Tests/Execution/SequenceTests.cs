using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class SequenceTests
{
    [Fact]
    public void Statements_run_in_order()
    {
        using var stage = new Stage("""
            build: {
                echo one
                echo two; echo three
            }
            """);
        var report = stage.Run("build");
        Assert.Equal("one\ntwo\nthree\n", report.Output);
        Assert.Equal(0, report.ExitCode);
    }

    [Fact]
    public void The_first_failure_stops_the_sequence_with_its_own_code()
    {
        using var stage = new Stage("""
            build: {
                echo one
                exit 7
                echo never
            }
            """);
        var report = stage.Run("build");
        Assert.Equal("one\n", report.Output);
        Assert.Equal(7, report.ExitCode);
        Assert.Equal("build/2", report.Result.End.RootCause?.Path);
        Assert.Equal(["build/3"], report.Skipped);
    }

    [Fact]
    public void Standard_output_and_standard_error_stay_apart()
    {
        using var stage = new Stage("both: echo out; echo err >&2\n");
        var report = stage.Run("both");
        Assert.Equal("out\n", report.Output);
        Assert.Equal("err\n", report.Errors);
    }

    [Fact]
    public void A_missing_program_fails_with_127_and_says_so()
    {
        using var stage = new Stage("build: no-such-program --flag\n");
        var report = stage.Run("build");
        Assert.Equal(127, report.ExitCode);
        Assert.Contains("no-such-program", report.Result.End.Reason);
    }

    [Fact]
    public void A_program_killed_by_a_signal_fails_with_128_and_its_number()
    {
        using var stage = new Stage("build: kill -9 $$\n");
        var report = stage.Run("build");
        Assert.Equal(137, report.ExitCode);
        Assert.Contains("SIGKILL", report.Result.End.Reason);
    }

    [Fact]
    public void A_pipe_fails_when_any_part_fails()
    {
        using var stage = new Stage("build: false | cat\n");
        Assert.Equal(1, stage.Run("build").ExitCode);
    }

    [Fact]
    public void Each_leaf_is_journaled_before_and_after()
    {
        using var stage = new Stage("build: {\n true\n echo hi\n }\n");
        var report = stage.Run("build");
        Assert.Equal(
            ["RunStarted", "StepStarted", "StepEnded", "StepStarted", "StepEnded", "RunEnded"],
            report.Events.Select(happened => happened.GetType().Name));
        Assert.Equal([1, 2, 3, 4, 5, 6], report.Events.Select(happened => happened.Sequence));
        Assert.Null(report.Result.HistoryLost);
        Assert.Equal(3, report.Events.OfType<StepEnded>().Last().OutputBytes);
    }

    [Fact]
    public void Commands_two_thousand_deep_run_without_end_of_stack()
    {
        var chain = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"c{i}: @cmd(c{i + 1})\n"));
        using var stage = new Stage(chain + "c2000: echo bottom\n");
        Assert.Equal("bottom\n", stage.Run("c0").Output);
    }

    [Fact]
    public void A_run_without_a_usable_store_still_runs_and_says_that_history_is_lost()
    {
        using var stage = new Stage("build: echo hi\n");
        stage.Folder.Write("store", "not a folder");
        var report = stage.Run("build");
        Assert.Equal("hi\n", report.Output);
        Assert.Equal(0, report.ExitCode);
        Assert.NotNull(report.Result.HistoryLost);
    }
}
