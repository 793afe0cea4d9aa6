using Lockstep.Simulation;

namespace Lockstep.Tests.Simulation;

/// <summary>
/// Lockstep dies after every event and inside every effect of a workflow, with and without what was not committed, is paused everywhere, and dies again in
/// every recovery. LOCKSTEP_LONG_TESTS=1 leaves no recovery out, and makes 2,000 workflows by chance instead of 20.
/// </summary>
public sealed class CrashEverywhereTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1";

    public static TheoryData<string> Names => [.. Shapes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_end_is_the_one_without_a_crash(string name)
    {
        var report = Disturb(Shapes.All[name], Long ? int.MaxValue : 1000);
        output.WriteLine($"{name}: {report.Points.Length} points, {report.Runs} runs");
        Assert.True(report.Points.Length >= 6, $"{report.Points.Length} points");
        Assert.Empty(Differences(report));
    }

    [Fact]
    public void Workflows_made_by_chance_end_as_without_a_crash()
    {
        var runs = 0;
        var points = 0;
        for (var seed = 1; seed <= (Long ? 2000 : 20); seed++)
        {
            var shape = RandomWorkflow.Of(seed);
            var report = Disturb(shape, Long ? 500 : 100);
            points += report.Points.Length;
            runs += report.Runs;
            Assert.True(report.Differences == 0, $"seed {seed}:\n{string.Join('\n', Differences(report).Take(5))}\n{shape.Commands}\n{string.Join('\n', shape.Steps.Select(rule => $"{rule.Step}: {string.Join(' ', rule.Attempts.Select(attempt => $"{attempt.ExitCode}/{attempt.Duration.TotalSeconds}s"))}"))}");
        }
        output.WriteLine($"{points} points, {runs} runs");
    }

    [Fact]
    public void A_step_that_is_wrongly_said_not_to_have_happened_is_reported()
    {
        using var simulated = new Simulated(new Shape("w: {\n @effect(\"once\", verify = \"look\") { pay }\n}", [new ScriptRule("pay", [ScriptedProcess.Success], Verify: 1)]));
        var report = new CrashEverywhere(simulated.Simulator).Run();
        Assert.Contains("w/effect/pay, which may happen only once, happened 2 times instead of 1", Differences(report).Select(difference => difference.Split(": ", 2)[1].Replace("w/effect/1", "w/effect/pay", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_time_out_that_only_a_crash_lets_run_out_is_reported()
    {
        using var simulated = new Simulated(new Shape("w: @timeout(10s) { slow }", [Shapes.Step("slow", Shapes.After("8s"))]));
        var point = new CrashEverywhere(simulated.Simulator).Run().Points.Single(point => point.Fault is Fault.InEffect { At: EffectPoint.Done });
        Assert.Contains("the run timed out with exit code 124 instead of 0: timed out after 10s", point.Differences);
    }

    private static CrashFindings Disturb(Shape shape, int recoveries)
    {
        using var simulated = new Simulated(shape);
        return new CrashEverywhere(simulated.Simulator)
        {
            Pauses = true,
            FullDisks = !shape.Commands.Contains("once", StringComparison.Ordinal),
            MostRecoveries = recoveries,
        }.Run();
    }

    private static IEnumerable<string> Differences(CrashFindings report)
        => report.Points.SelectMany(point => point.Differences.Select(difference => $"{point.Fault} ({point.Where}): {difference}"));
}
