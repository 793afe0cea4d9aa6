using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class RetryTests
{
    [Fact]
    public void A_block_is_retried_as_a_unit_until_it_succeeds()
    {
        using var stage = new Stage("""
            flaky: @retry(3, delay = 1s) {
                echo x >> count
                [ $(wc -l < count) -eq 2 ]
            }
            """) { Clock = new HastyTime() };
        var report = stage.Run("flaky");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal("x\nx\n", stage.Read("count"));
        Assert.Equal(["1", "1", "2", "2"], report.Events.OfType<StepEnded>().Select(ended => ended.Attempt));
    }

    [Fact]
    public void A_retry_waits_twice_as_long_each_time_up_to_the_longest_wait()
    {
        using var stage = new Stage("flaky: @retry(5, delay = 10s, exponentialBackoff = true, maxDelay = 1m) { false }\n") { Clock = new HastyTime() };
        var report = stage.Run("flaky");
        Assert.Equal(1, report.ExitCode);
        Assert.Equal([10, 20, 40, 60], report.Events.OfType<StepRetried>().Select(retried => (retried.Due - retried.At).TotalSeconds));
    }

    [Fact]
    public void Jitter_takes_from_half_to_all_of_the_wait()
    {
        using var stage = new Stage("flaky: @retry(4, delay = 10s, jitter = true) { false }\n") { Clock = new HastyTime() };
        var waits = stage.Run("flaky").Events.OfType<StepRetried>().Select(retried => (retried.Due - retried.At).TotalSeconds).ToArray();
        Assert.Equal(3, waits.Length);
        Assert.All(waits, wait => Assert.InRange(wait, 5, 10));
        Assert.True(waits.Distinct().Count() > 1);
    }

    [Fact]
    public void Nested_retries_number_their_attempts_inside_each_other()
    {
        using var stage = new Stage("flaky: @retry(2, delay = 1s) { @retry(2, delay = 1s) { false } }\n") { Clock = new HastyTime() };
        Assert.Equal(["1.1", "1.2", "2.1", "2.2"], stage.Run("flaky").Events.OfType<StepEnded>().Select(ended => ended.Attempt));
    }
}
