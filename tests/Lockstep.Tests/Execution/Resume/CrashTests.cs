using Lockstep.Journal;

namespace Lockstep.Tests.Execution.Resume;

/// <summary>A crash after each event of a workflow, and then a resume: the end is the one without the crash.</summary>
public sealed class CrashTests
{
    /// <summary>Each step leaves a line in the file "trace"; a step that may happen only once leaves one that begins with "once".</summary>
    public static TheoryData<string, string> Shapes => new()
    {
        { "a sequence", "w: {\n echo a >> trace\n echo b >> trace\n echo c >> trace\n}" },
        { "a sequence that fails", "w: {\n echo a >> trace\n sh -c 'exit 7'\n echo never >> trace\n}" },
        { "a chain with &&", "a: echo a >> trace\nb: echo b >> trace\nw: @cmd(a) && @cmd(b) && echo c >> trace" },
        { "a chain with ||", "a: sh -c 'echo a >> trace; exit 1'\nw: @cmd(a) || echo b >> trace" },
        { "a pipe", "a: { echo x; echo y }\nw: {\n @cmd(a) | @cmd(b)\n echo end >> trace\n}\nb: sh -c 'cat >> trace'" },
        { "parallel, fail fast", "w: @parallel {\n echo a >> trace\n echo b >> trace\n sh -c 'exit 3'\n}" },
        { "parallel, all", "w: @parallel(mode = all) {\n sh -c 'exit 3'\n sh -c 'echo b >> trace; echo c >> trace'\n}" },
        { "parallel, immediate", "w: @parallel(mode = immediate) {\n echo a >> trace\n echo b >> trace\n}" },
        {
            "a retry in a time-out in a try",
            """
            w: @try {
                main: @timeout(1m) { @retry(attempts = 3, delay = 1ms) { sh -c 'echo try >> trace; test $(grep -c try trace) -ge 2' } }
                catch: echo caught >> trace
                finally: echo cleaned >> trace
            }
            """
        },
        { "a try that catches", "w: @try {\n main: { echo a >> trace; sh -c 'exit 4' }\n catch: echo caught >> trace\n finally: echo cleaned >> trace\n}" },
        { "a lock", "w: {\n @lock(\"crash-test\") { echo a >> trace; echo b >> trace }\n echo c >> trace\n}" },
        { "a cache", "w: {\n @cache(inputs = \"commands.cli\", outputs = \"made\") { sh -c 'echo made > made; echo a >> trace' }\n echo b >> trace\n}" },
        { "a condition", "var MODE = @sh(\"echo fast\")\nw: {\n @when(MODE) {\n  fast: echo fast >> trace\n  else: echo slow >> trace\n }\n echo end >> trace\n}" },
        { "needs", "a: echo a >> trace\nb: {\n @needs(a)\n echo b >> trace\n}\nw: {\n @needs(a, b)\n echo w >> trace\n}" },
        { "needs behind a retry", "a: echo a >> trace\nw: @parallel {\n @needs(a)\n @retry(attempts = 2, delay = 1ms) { @needs(a) }\n}" },
        { "parallel sequences of which one fails", "w: @parallel(mode = all) {\n @cmd(one)\n sh -c 'exit 3'\n}\none: {\n echo a >> trace\n echo b >> trace\n}" },
        { "an output that a later step uses", "a: echo one\nw: {\n @cmd(a)\n echo got @output(a) >> trace\n}" },
        { "a step that happens once", "w: {\n echo a >> trace\n @effect(\"once\", verify = \"grep -q once trace\") { sh -c 'echo once >> trace' }\n echo b >> trace\n}" },
        { "a step that happens once beside others", "w: @parallel {\n @effect(\"once\", verify = \"grep -q once trace\") { sh -c 'echo once >> trace' }\n echo b >> trace\n echo c >> trace\n}" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_crash_after_any_event_changes_nothing_of_the_end(string shape, string commands)
    {
        var (count, first, expected) = Whole(commands);
        Assert.True(count > 3, shape);
        for (var crash = first; crash < count; crash++)
        {
            using var stage = new Stage(commands + "\n");
            var life = new Life(stage, "w");
            life.Begin();
            life.CrashAfter(crash);
            AssertSame(expected, Told(stage, life.Resume()), $"{shape}, crash after event {crash}");
            AssertSound(life.Kept());
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_crash_of_the_recovery_changes_nothing_of_the_end(string shape, string commands)
    {
        var (count, first, expected) = Whole(commands);
        for (var crash = first; crash < count; crash++)
        {
            using var stage = new Stage(commands + "\n");
            var life = new Life(stage, "w");
            life.Begin();
            life.CrashAfter(crash);
            life.Resume();
            life.CrashAfter(Math.Min(crash + 1 + crash % 3, life.Kept().Count - 1));
            AssertSame(expected, Told(stage, life.Resume()), $"{shape}, crash after event {crash}, and again");
            AssertSound(life.Kept());
        }
    }

    /// <summary>A whole run: how many events it has, the first after which a crash is tried, and how it ends.</summary>
    private static (int Events, int First, Ending End) Whole(string commands)
    {
        using var stage = new Stage(commands + "\n");
        var life = new Life(stage, "w");
        var report = life.Begin();
        var kept = life.Kept();

        // What happens once is on the disk as an intent before it happens: no crash leaves the effect without it.
        var once = kept.OfType<StepStarted>().FirstOrDefault(started => started.Step.Path.Contains("effect", StringComparison.Ordinal));
        return (kept.Count, (int)(once?.Sequence ?? 1), Told(stage, report));
    }

    private static Ending Told(Stage stage, Report report)
    {
        Assert.Null(report.Result.Paused);
        var trace = File.Exists(stage["trace"]) ? File.ReadAllLines(stage["trace"]) : [];
        return new(
            report.Outcome, report.ExitCode, report.Result.End.RootCause?.Path, string.Join(' ', trace.Distinct().Order(StringComparer.Ordinal)),
            trace.Count(line => line.StartsWith("once", StringComparison.Ordinal)));
    }

    private static void AssertSame(Ending expected, Ending actual, string when)
        => Assert.True(expected == actual, $"{when}:\nexpected {expected}\nactual   {actual}");

    /// <summary>The journal is one that a run without a crash could have, but for what it says of the crash.</summary>
    private static void AssertSound(IReadOnlyList<RunEvent> events)
    {
        Assert.IsType<RunEnded>(events[^1]);
        Assert.Single(events.OfType<RunEnded>());
        var ends = events.OfType<StepEnded>().Where(end => end.Outcome == Outcome.Succeeded).GroupBy(end => (end.Step, end.Attempt));
        Assert.All(ends, same => Assert.True(same.Count() == 1 || same.Key.Step.Path.Contains("chain", StringComparison.Ordinal), $"{same.Key} succeeded {same.Count()} times"));
    }

    private sealed record Ending(Outcome Outcome, int ExitCode, string? Cause, string Lines, int Once);
}
