namespace Lockstep.Cli.Tests.Live;

public sealed class EstimateTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("ci: {\n  @parallel {\n    sleep 0.05\n    sh -c 'sleep 0.1 # long'\n  }\n  @log(\"done\")\n}\nother: {\n  sleep 0.05\n  false\n}\n");

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_plan_that_has_never_run_says_so()
    {
        var plan = _scenario.Run("plan", "ci", "--estimate").Succeeded();
        Assert.EndsWith("\n\nEstimate: none, because none of its steps has succeeded here before\n", plan.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_run_each_step_and_the_plan_say_how_long_they_take_also_when_only_part_of_it_is_known()
    {
        _scenario.Run("ci").Succeeded();

        var plan = _scenario.Run("ci", "--dry-run", "--estimate").Succeeded();
        Assert.Matches(
            """
            ^ci:
            ├─ @parallel \{2 concurrent\}
            │  ├─ sleep 0.05 \{~\d+ms, p90 \d+ms\}
            │  └─ sh -c 'sleep 0.1 # long' \{~\d+ms, p90 \d+ms\}
            └─ @log\("done"\)

            Estimate: ~[0-9.]+m?s, p90 [0-9.]+m?s\n$
            """, plan.Out);
        Assert.Matches(@"\nEstimate: ~[0-9.]+m?s, p90 [0-9.]+m?s, and a step that has no history \(1 of 2\)\n$", _scenario.Run("plan", "other", "--estimate").Succeeded().Out);
    }

    [Fact]
    public void As_JSON_the_estimate_stands_beside_the_plan_and_the_hash_is_the_same()
    {
        _scenario.Run("ci").Succeeded();
        var plain = _scenario.Run("plan", "ci", "--json").Succeeded().Json;
        var plan = _scenario.Run("plan", "ci", "--json", "--estimate").Succeeded().Json;
        var estimate = plan.GetProperty("estimate");
        Assert.Equal((2, 0), (estimate.GetProperty("measured").GetInt32(), estimate.GetProperty("unknown").GetInt32()));
        Assert.Equal(["ci/parallel/1", "ci/parallel/2"], estimate.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()));
        Assert.All(estimate.GetProperty("steps").EnumerateArray(), step => Assert.Equal(1, step.GetProperty("runs").GetInt32()));
        Assert.True(estimate.GetProperty("median_ms").GetDouble() >= 100);
        Assert.Equal(plain.GetProperty("graph_hash").GetString(), plan.GetProperty("graph_hash").GetString());
        Assert.False(plain.TryGetProperty("estimate", out _));
    }

    [Fact]
    public void A_step_that_was_moved_and_edited_around_keeps_its_history()
    {
        _scenario.Run("ci").Succeeded();
        _scenario.Commands("build: {\n  echo first\n  sleep 0.05\n}\n");
        Assert.Matches(@"└─ sleep 0.05 \{~\d+ms, p90 \d+ms\}\n", _scenario.Run("plan", "build", "--estimate").Succeeded().Out);
    }

    [Fact]
    public void Of_a_run_it_needs_a_dry_run_and_of_a_plan_a_format_that_can_say_it()
    {
        Assert.StartsWith("Error: --estimate flag requires --dry-run\nUse: lockstep run ci --dry-run --estimate\n", _scenario.Run("ci", "--estimate").Failed(2).Error, StringComparison.Ordinal);
        Assert.StartsWith("Error: --estimate flag conflicts with --format=dot\n", _scenario.Run("plan", "ci", "--estimate", "--format=dot").Failed(2).Error, StringComparison.Ordinal);
    }
}
