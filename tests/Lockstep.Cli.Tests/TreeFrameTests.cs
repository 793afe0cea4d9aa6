using System.Collections.Immutable;
using Lockstep.Cli.Reports.Tree;
using Lockstep.Cli.Terminal;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Cli.Tests;

public sealed class TreeFrameTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 20, 14, 30, 22, TimeSpan.Zero);

    [Fact]
    public void Each_step_has_its_state_and_its_time()
    {
        var run = new Drawn(Parallel("npm run lint", "npm test", "npm run types", "npm audit"));
        run.Start(0, at: 0);
        run.Start(1, at: 0);
        run.End(0, Outcome.Succeeded, at: 1.5);
        run.Start(2, at: 1.5);
        run.End(2, Outcome.Failed, at: 2, "exit code 2");
        Assert.Equal("""
            └─ ⠋ @parallel {4 concurrent}  3s  2/4
               ├─ ✓ npm run lint  1.5s
               ├─ ⠋ npm test  3s
               ├─ ✗ npm run types  500ms  exit code 2
               └─ · npm audit
            """, run.At(3, 80, 24));
    }

    [Fact]
    public void At_40_columns_no_line_is_wider()
    {
        var run = new Drawn(Parallel("docker build --tag registry.example.org/team/application:v1 .", "echo 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"));
        run.Start(0, at: 0);
        run.End(0, Outcome.Failed, at: 1, "exit code 125: the daemon is not there");
        run.Start(1, at: 0);
        var frame = run.At(2, 40, 24);
        Assert.All(frame.Split('\n'), line => Assert.True(TextWidth.Of(line) <= 40, line));
        Assert.Contains("✗ docker build", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_steps_show_as_a_window_around_the_running_ones()
    {
        var run = new Drawn(Parallel([.. Enumerable.Range(0, 1000).Select(i => $"step {i}")]));
        for (var i = 0; i < 500; i++)
        {
            run.Start(i, at: 0);
            run.End(i, Outcome.Succeeded, at: 1);
        }
        run.Start(500, at: 1);
        run.Start(501, at: 1);
        Assert.Equal("""
            └─ ⠋ @parallel {1000 concurrent, at most 2 × cores}  2s  500/1000
               ├─ ✓ 500 done
               ├─ ⠋ step 500  1s
               ├─ ⠋ step 501  1s
               └─ · 498 waiting
            """, run.At(2, 80, 10));
    }

    [Fact]
    public void Where_more_run_than_there_are_lines_the_rest_is_counted()
    {
        var run = new Drawn(Parallel([.. Enumerable.Range(0, 100).Select(i => $"step {i}")]));
        for (var i = 0; i < 100; i++) run.Start(i, at: 0);
        var lines = run.At(1, 40, 8).Split('\n');
        Assert.True(lines.Length <= 8, string.Join('\n', lines));
        Assert.EndsWith("more", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void When_all_is_over_the_tree_is_shown_as_deep_as_there_is_room()
    {
        var run = new Drawn(Parallel([.. Enumerable.Range(0, 1000).Select(i => $"step {i}")]));
        for (var i = 0; i < 1000; i++)
        {
            run.Start(i, at: 0);
            run.End(i, Outcome.Succeeded, at: 1);
        }
        Assert.Equal("└─ ✓ @parallel {1000 concurrent, at most 2 × cores}  1.0s  1000/1000", run.At(2, 80, 10));
    }

    [Fact]
    public void A_deep_tree_keeps_its_deepest_running_step_in_sight()
    {
        PlanNode node = Shell("d/leaf", "deep");
        for (var i = 0; i < 2000; i++) node = new TimeoutNode(new StepId($"d/t{i}"), TimeSpan.FromSeconds(30), node);
        var run = new Drawn(PlanOf(node));
        run.Start("d/leaf", at: 0);
        var lines = run.At(1, 40, 10).Split('\n');
        Assert.True(lines.Length <= 10);
        Assert.Contains(lines, line => line.EndsWith("⠋ deep  1s", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(TextWidth.Of(line) <= 40, line));
    }

    [Fact]
    public void A_failure_that_was_caught_is_not_the_groups()
    {
        var run = new Drawn(PlanOf(new TryCatchNode(new StepId("d/try"), Shell("d/try/main", "deploy"), Shell("d/try/catch", "roll back"), null)));
        run.Start("d/try/main", at: 0);
        run.End("d/try/main", Outcome.Failed, at: 1, "exit code 1");
        run.Start("d/try/catch", at: 1);
        run.End("d/try/catch", Outcome.Succeeded, at: 2);
        Assert.StartsWith("└─ ✓ @try", run.At(2, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_waits_for_its_next_attempt_still_runs()
    {
        var run = new Drawn(PlanOf(new RetryNode(new StepId("d/retry"), 3, TimeSpan.FromSeconds(1), false, TimeSpan.FromMinutes(5), false, Shell("d/retry/1", "flaky"))));
        run.Start("d/retry/1", at: 0);
        run.End("d/retry/1", Outcome.Failed, at: 1, "exit code 1");
        run.Retry("d/retry", failed: 1, attempts: 3, at: 1);
        Assert.StartsWith("└─ ⠋ @retry {3 attempts, 1s delay}  1s  attempt 1 of 3 failed\n", run.At(1.5, 80, 24), StringComparison.Ordinal);
        run.Start("d/retry/1", at: 2);
        Assert.Equal("└─ ⠋ @retry {3 attempts, 1s delay}  2s\n   └─ ⠋ flaky  2s", run.At(2.5, 80, 24));
    }

    [Fact]
    public void An_attempt_that_is_not_the_first_shows_its_own_time_beside_the_whole()
    {
        var run = new Drawn(PlanOf(new RetryNode(new StepId("d/retry"), 3, TimeSpan.FromSeconds(1), false, TimeSpan.FromMinutes(5), false, Shell("d/retry/1", "flaky"))));
        run.Start("d/retry/1", at: 0, attempt: "1");
        Assert.EndsWith("⠋ flaky  1s", run.At(1.2, 80, 24), StringComparison.Ordinal);
        run.End("d/retry/1", Outcome.Failed, at: 1.5, "exit code 1", attempt: "1");
        run.Retry("d/retry", failed: 1, attempts: 3, at: 1.5);
        run.Start("d/retry/1", at: 2.5, attempt: "2");
        Assert.EndsWith("⠋ flaky  attempt 2 · 1s of 3s", run.At(3.6, 80, 24), StringComparison.Ordinal);
        Assert.EndsWith("⠋ flaky  3s", run.At(3.6, 40, 24), StringComparison.Ordinal);
        run.End("d/retry/1", Outcome.Succeeded, at: 3.7, attempt: "2");
        Assert.EndsWith("✓ flaky  attempt 2 · 1.2s of 3.7s", run.At(9, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_shows_what_its_round_began_with()
    {
        var run = new Drawn(PlanOf(new DebounceNode(new StepId("d/debounce"), TimeSpan.FromMilliseconds(300), "src/**", Shell("d/debounce/1", "npm test"))));
        run.Start("d/debounce/1", at: 0, attempt: "1");
        run.End("d/debounce/1", Outcome.Succeeded, at: 1);
        run.Restart("d/debounce", round: 2, at: 5);
        run.Start("d/debounce/1", at: 5, attempt: "2");
        Assert.Equal("""
            └─ ⠋ @debounce {300ms quiet, src/**}  6s  round 2: src/a.ts changed
               └─ ⠋ npm test  round 2 · 1s of 6s
            """, run.At(6, 80, 24));
    }

    [Fact]
    public void The_time_in_which_no_process_executed_the_run_is_no_steps_time()
    {
        var run = new Drawn(PlanOf(new SequenceNode(new StepId("d/sequence"), [Shell("d/1", "build"), Shell("d/2", "deploy")])));
        run.Start("d/1", at: 0);
        run.End("d/1", Outcome.Succeeded, at: 2);
        run.Start("d/2", at: 2);
        run.Resume(aliveUntil: 3, at: 10);
        run.Start("d/2", at: 10);
        Assert.EndsWith("⠋ deploy  1s", run.At(11, 80, 24), StringComparison.Ordinal);
        run.End("d/2", Outcome.Succeeded, at: 14);
        Assert.Equal("├─ ✓ build  2.0s\n└─ ✓ deploy  4.0s", run.At(20, 80, 24));
    }

    [Fact]
    public void A_group_takes_the_time_that_the_run_was_executed_in_it()
    {
        var run = new Drawn(Parallel("npm test", "npm run lint"));
        run.Start(0, at: 0);
        run.End(0, Outcome.Succeeded, at: 2);
        run.Resume(aliveUntil: 3, at: 10);
        run.Start(1, at: 10);
        run.End(1, Outcome.Succeeded, at: 14);
        Assert.StartsWith("└─ ✓ @parallel {2 concurrent}  7.0s  2/2\n", run.At(20, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_lines_of_running_steps_stand_below_them()
    {
        var run = new Drawn(Parallel("npm test", "npm run lint"));
        run.Start(0, at: 0);
        Assert.Equal("""
            └─ ⠋ @parallel {2 concurrent}  1s  0/2
               ├─ ⠋ npm test  1s
               │    line 1
               │    line 2
               └─ · npm run lint
            """, run.At(1, 80, 24, (_, _) => ["line 1", "line 2"]));
    }

    private static Plan Parallel(params string[] commands)
        => PlanOf(new ParallelNode(new StepId("d/parallel"), ParallelMode.FailFast, null, [.. commands.Select((text, i) => (PlanNode)Shell($"d/parallel/{i + 1}", text))]));

    private static Plan PlanOf(PlanNode only) => new(
        "d", PlanMode.Run, new SequenceNode(new StepId("d"), [only]), [], new PlanContext("/", ImmutableArray<DefinitionFile>.Empty, "linux", "x64"));

    private static ShellNode Shell(string id, string text) => new(new StepId(id), new ShellTemplate([new LiteralText(text)]));

    private sealed class Drawn(Plan plan)
    {
        private readonly RowStates _states = new(new PlanRows(plan, unicode: true));
        private long _sequence;

        public void Start(int branch, double at) => Start($"d/parallel/{branch + 1}", at);

        public void Start(string step, double at, string attempt = "") => Apply(new StepStarted(new StepId(step), attempt, "text", "its turn"), at);

        public void End(int branch, Outcome outcome, double at, string? reason = null) => End($"d/parallel/{branch + 1}", outcome, at, reason);

        public void End(string step, Outcome outcome, double at, string? reason = null, string attempt = "")
            => Apply(new StepEnded(new StepId(step), attempt, outcome, null, TimeSpan.Zero, reason, 0), at);

        public void Restart(string step, int round, double at) => Apply(new StepRestarted(new StepId(step), "", round, ["src/a.ts"], "src/a.ts changed"), at);

        public void Resume(double aliveUntil, double at) => Apply(new RunResumed(1, "1.0.0", "its process is gone", _start.AddSeconds(aliveUntil)), at);

        public void Retry(string step, int failed, int attempts, double at)
            => Apply(new StepRetried(new StepId(step), "", failed, attempts, _start.AddSeconds(at + 1), "exit code 1"), at);

        public string At(double seconds, int columns, int lines, Func<int, int, IReadOnlyList<string>>? tail = null)
            => string.Join('\n', new TreeFrame(_states, new FrameOptions(columns, lines, Style.Plain, true, _start.AddSeconds(seconds)) { TailOf = tail }).Draw());

        private void Apply(RunEvent happened, double at) => _states.Apply(happened with { Sequence = ++_sequence, At = _start.AddSeconds(at) });
    }
}
