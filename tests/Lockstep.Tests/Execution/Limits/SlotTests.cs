using Lockstep.Execution;
using Lockstep.Journal;
using Lockstep.Workspaces;

namespace Lockstep.Tests.Execution.Limits;

public sealed class SlotTests
{
    private const string Six = "six: @parallel(concurrency = 6) {\n echo 1\n echo 2\n echo 3\n echo 4\n echo 5\n echo 6\n}\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void No_more_commands_run_at_once_than_the_run_may_have(int jobs)
    {
        using var stage = new Stage(Six) { Options = new RunOptions { Jobs = jobs } };
        var report = stage.Run("six");
        Assert.Equal(Outcome.Succeeded, report.Outcome);
        Assert.Equal(jobs, MostAtOnce(report));

        // First come, first served; and who waits says why.
        Assert.Equal(Enumerable.Range(1, 6).Select(number => $"six/parallel/{number}"), Started(report));
        var waits = report.Events.OfType<SlotWaited>().ToArray();
        Assert.Equal(6 - jobs, waits.Length);
        Assert.All(waits, wait => Assert.Equal(("--jobs", jobs, null), (wait.Limit, wait.Slots, wait.Holder)));
    }

    [Fact]
    public void Who_gets_a_place_at_once_tells_of_no_wait()
    {
        using var stage = new Stage(Six) { Options = new RunOptions { Jobs = 6 } };
        Assert.Empty(stage.With("LOCKSTEP_MAX_STEPS", "6").Run("six").Events.OfType<SlotWaited>());
    }

    [Fact]
    public void A_pipe_counts_as_one_command()
    {
        using var stage = new Stage("""
            numbers: seq 100000
            count: @parallel {
                @cmd(numbers) | wc -l
                @cmd(numbers) | tail -n 1
            }
            """) { Options = new RunOptions { Jobs = 1 } };
        var report = stage.With("LOCKSTEP_MAX_STEPS", "1").Run("count");
        Assert.Equal("100000\n100000\n", report.Output);
        Assert.Single(report.Events.OfType<SlotWaited>());
    }

    [Fact]
    public void A_step_that_fails_gives_its_place_back()
    {
        using var stage = new Stage("w: @retry(attempts = 3, delay = 1ms) {\n @parallel(mode = \"all\") {\n sh -c 'exit 4'\n no-such-program-here\n true\n }\n}\n") { Options = new RunOptions { Jobs = 1 } };
        var report = stage.With("LOCKSTEP_MAX_STEPS", "1").Run("w");
        Assert.Equal((Outcome.Failed, 9), (report.Outcome, report.Events.OfType<StepEnded>().Count(ended => ended.Step.Path.StartsWith("w/retry/parallel/", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task All_runs_of_the_machine_share_its_places()
    {
        using var stage = new Stage("one: echo done\n");
        var other = new MachineSlots(stage.Folder["store/slots"], 1, ours: false, TimeProvider.System);
        var taken = await other.TakeAsync(new LockHolder("run-other", 7, "build", default), _ => { }, CancellationToken.None);
        var report = stage.With("LOCKSTEP_MAX_STEPS", "1").Run("one", happened =>
        {
            if (happened is SlotWaited) taken.Dispose();
        });
        Assert.Equal("done\n", report.Output);
        var wait = Assert.Single(report.Events.OfType<SlotWaited>());
        Assert.Equal(("LOCKSTEP_MAX_STEPS", 1, "run-other ('build', process 7)"), (wait.Limit, wait.Slots, wait.Holder));
    }

    [Fact]
    public async Task A_run_inside_a_step_uses_the_place_of_that_step()
    {
        using var stage = new Stage("two: @parallel {\n echo a\n echo b\n}\n");
        var outer = new MachineSlots(stage.Folder["store/slots"], 1, ours: false, TimeProvider.System);
        using var taken = await outer.TakeAsync(new LockHolder("run-outer", 7, "build", default), _ => { }, CancellationToken.None);
        var report = stage.With("LOCKSTEP_MAX_STEPS", "1").With("LOCKSTEP_SLOT", "1").Run("two");
        Assert.Equal((Outcome.Succeeded, 1), (report.Outcome, MostAtOnce(report)));
    }

    [Fact]
    public void Steps_know_that_they_have_a_place_only_where_places_are_counted()
    {
        using var stage = new Stage("w: echo \"[$LOCKSTEP_SLOT]\"\n");
        Assert.Equal("[]\n", stage.Run("w").Output);
        Assert.Equal("[1]\n", stage.With("LOCKSTEP_MAX_STEPS", "3").Run("w").Output);
    }

    [Theory]
    [InlineData("--jobs")]
    [InlineData("LOCKSTEP_MAX_STEPS")]
    public async Task A_step_that_waits_never_starts_when_the_run_is_interrupted(string limit)
    {
        using var stage = new Stage("w: @parallel(concurrency = 2) {\n sh -c 'sleep 1000'\n echo never\n}\n");
        using var taken = await new MachineSlots(stage.Folder["store/slots"], 2, ours: false, TimeProvider.System).TakeAsync(new LockHolder("run-other", 7, "build", default), _ => { }, CancellationToken.None);
        var control = new RunControl();
        if (limit != "--jobs") stage.With(limit, "2");
        var report = stage.Run("w", happened => { if (happened is SlotWaited) control.Interrupt("a test"); }, new RunOptions { Jobs = limit == "--jobs" ? 1 : null, Control = control });
        Assert.Equal((130, ""), (report.ExitCode, report.Output));
        Assert.Equal("w/parallel/1", Assert.Single(Started(report)));
    }

    [Fact]
    public void A_step_that_waits_when_the_run_is_paused_runs_when_it_goes_on()
    {
        using var stage = new Stage("w: @parallel(concurrency = 2) {\n echo a\n echo b\n}\n");
        var control = new RunControl();
        var paused = stage.Run("w", happened => { if (happened is SlotWaited) control.Ask(new PauseRequest("a test", null)); }, new RunOptions { Jobs = 1, Control = control });
        Assert.NotNull(paused.Result.Paused);
        Assert.Equal("a\n", paused.Output);
        Assert.Equal("b\n", stage.Resume(paused.Result.Run, new RunOptions { Jobs = 1 }).Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    public void A_limit_that_is_none_is_refused(string limit)
    {
        using var stage = new Stage(Six);
        Assert.Contains($"not '{limit}'", Assert.Throws<ArgumentException>(() => stage.With("LOCKSTEP_MAX_STEPS", limit).Run("six")).Message, StringComparison.Ordinal);
    }

    private static string[] Started(Report report) => [.. report.Events.OfType<StepStarted>().Select(started => started.Step.Path)];

    private static int MostAtOnce(Report report)
    {
        var (now, most) = (0, 0);
        foreach (var happened in report.Events)
        {
            if (happened is StepStarted) most = Math.Max(most, ++now);
            else if (happened is StepEnded) now--;
        }

        return most;
    }
}
