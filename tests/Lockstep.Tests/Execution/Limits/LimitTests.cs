using Lockstep.Journal;
using Lockstep.Processes.Limits;

namespace Lockstep.Tests.Execution.Limits;

public sealed class LimitTests
{
    private static LimitKinds Here => StepLimiter.Look(Environment.GetEnvironmentVariable).Kinds;

    [Fact]
    public void A_command_that_wants_more_memory_than_it_may_have_fails()
    {
        using var stage = new Stage("eat: @limit(memory = \"64MB\") { head -c 300M /dev/zero | tail -c 200M | wc -c }\n");
        var report = stage.Run("eat");
        Assert.Equal(Outcome.Failed, report.Outcome);
        Assert.DoesNotContain("200000000", report.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_within_its_limits_runs_as_without_them()
    {
        using var stage = new Stage("""
            small: @limit(memory = "1GB", cpu = 0.5, processes = 200) { sh -c 'echo "$0 $1"; cat; exit 3' "a b" '' }
            """)
        { Options = new RunOptions { Input = false } };
        var report = stage.Run("small");
        Assert.Equal((3, "a b \n", ""), (report.ExitCode, report.Output, report.Errors));
    }

    [Fact]
    public void Of_limits_in_one_another_the_smaller_counts()
    {
        using var stage = new Stage("""
            outside: @limit(memory = "64MB") { @limit(memory = "4GB") { head -c 300M /dev/zero | tail -c 200M | wc -c } }
            inside: @limit(memory = "4GB") { @limit(memory = "64MB", processes = 200) { head -c 300M /dev/zero | tail -c 200M | wc -c } }
            neither: @limit(memory = "4GB") { @limit(memory = "3GB") { head -c 300M /dev/zero | tail -c 200M | wc -c } }
            """);
        Assert.Equal(Outcome.Failed, stage.Run("outside").Outcome);
        Assert.Equal(Outcome.Failed, stage.Run("inside").Outcome);
        Assert.Equal(Outcome.Succeeded, stage.Run("neither").Outcome);
    }

    [Fact]
    public void A_limit_holds_only_inside_its_block()
    {
        using var stage = new Stage("""
            two: {
                @limit(memory = "64MB") { true }
                head -c 300M /dev/zero | tail -c 200M | wc -c
            }
            """);
        Assert.Equal("209715200\n", stage.Run("two").Output);
    }

    [Fact]
    public void History_tells_what_holds_a_step_to_its_limits()
    {
        using var stage = new Stage("""
            two: {
                @limit(memory = "1GB", cpu = 2, processes = 200) { true }
                true
            }
            """);
        var reasons = stage.Run("two").Events.OfType<StepStarted>().Select(started => started.Reason).ToArray();
        Assert.Equal([$"its turn; {Said("memory", Here.Memory)}, {Said("cpu", Here.Cpu)}, {Said("processes", Here.Processes)}", "its turn"], reasons);

        static string Said(string what, LimitedBy by) => by switch
        {
            LimitedBy.ControlGroup => $"{what} limited by cgroup",
            LimitedBy.ProcessLimit => $"{what} limited by rlimit",
            _ => $"{what} not limited here",
        };
    }

    [NeedsLimitFact(nameof(LimitKinds.Processes))]
    public void A_command_that_wants_more_processes_than_it_may_have_fails()
    {
        using var stage = new Stage("""
            fork: @limit(processes = 20) { sh -c 'i=0; while [ $i -lt 100 ]; do sleep 30 & i=$((i+1)); done; kill $(jobs -p); exit 0' }
            """);
        Assert.NotEqual(0, stage.Run("fork").ExitCode);
    }

    [NeedsLimitFact(nameof(LimitKinds.Cpu))]
    public void A_command_is_held_to_its_share_of_the_cores()
    {
        // What it computes is measured by the kernel, so that a slow machine changes nothing: a tenth of a core for a second is a tenth of a second.
        using var stage = new Stage("""
            compute: @limit(cpu = 0.1) { sh -c 'timeout 1 sh -c "while :; do :; done"; cat /sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup)/cpu.stat' }
            """);
        Assert.DoesNotContain("nr_throttled 0\n", stage.Run("compute").Output, StringComparison.Ordinal);
    }

    [NeedsLimitFact("memory of a cgroup")]
    public void A_command_that_is_killed_for_its_memory_says_so()
    {
        using var stage = new Stage("eat: @limit(memory = \"64MB\") { head -c 300M /dev/zero | tail -c 200M | wc -c }\n");
        Assert.StartsWith("out of memory: killed when it used more than its 64MB", stage.Run("eat").Result.End.Reason, StringComparison.Ordinal);
    }
}
