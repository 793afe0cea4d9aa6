using System.Collections.Immutable;
using Lockstep.Cli.Reports.Tree;
using Lockstep.Cli.Terminal;
using Lockstep.Expressions;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Nodes;

namespace Lockstep.Cli.Tests.Live;

/// <summary>What the live tree says of the time left, with a clock that stands; each step's command is the number of seconds it usually takes, <c>?</c> has no history.</summary>
public sealed class TimeLeftTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 20, 14, 30, 22, TimeSpan.Zero);

    [Fact]
    public void Running_steps_and_the_run_have_their_time_left_over_the_longest_path()
    {
        var run = new Watched(In(new ParallelNode(Id("p"), ParallelMode.FailFast, 2, [Step("60"), Step("20"), Step("90")]), Step("5")));
        run.Start("60", at: 0);
        run.Start("20", at: 0);
        Assert.Equal("""
            ~1m50s left
            ├─ ⠋ @parallel {2 concurrent}  5s  0/3  ~1m45s left
            │  ├─ ⠋ 60  5s  ~55s left
            │  ├─ ⠋ 20  5s  ~15s left
            │  └─ · 90
            └─ · 5
            """, run.At(5, 120));
        run.End("20", at: 21);
        run.Start("90", at: 21);
        Assert.Equal("""
            ~1m16s left
            ├─ ⠋ @parallel {2 concurrent}  40s  1/3  ~1m11s left
            │  ├─ ⠋ 60  40s  ~20s left
            │  ├─ ✓ 20  21.0s
            │  └─ ⠋ 90  19s  ~1m11s left
            └─ · 5
            """, run.At(40, 80));
        Assert.Equal("""
            ~1m16s left
            ├─ ⠋ @parallel {…  40s  1/3  ~1m11s left
            │  ├─ ⠋ 60  40s  ~20s left
            │  ├─ ✓ 20  21.0s
            │  └─ ⠋ 90  19s  ~1m11s left
            └─ · 5
            """, run.At(40, 40));
    }

    [Fact]
    public void Past_its_median_a_step_is_taken_for_one_of_its_slower_times_and_past_those_for_unusual()
    {
        var run = new Watched(In(Step("10")));
        run.Start("10", at: 0);
        Assert.Equal("~1s left\n└─ ⠋ 10  9s  ~1s left", run.At(9, 80));
        Assert.Equal("~9s left\n└─ ⠋ 10  11s  ~9s left", run.At(11, 80));
        Assert.Equal("\n└─ ⠋ 10  25s  usually 10.0s", run.At(25, 80));
    }

    [Fact]
    public void Where_steps_have_no_history_it_is_at_least_so_long()
    {
        var run = new Watched(In(Step("10"), Step("?")));
        run.Start("10", at: 0);
        Assert.Equal("at least 7s left\n├─ ⠋ 10  3s  ~7s left\n└─ · ?", run.At(3, 80));
        run.End("10", at: 10);
        run.Start("?", at: 10);
        Assert.Equal("\n├─ ✓ 10  10.0s\n└─ ⠋ ?  1s", run.At(11, 80));
    }

    [Fact]
    public void Before_history_is_read_nothing_is_said()
    {
        var run = new Watched(In(Step("10")), known: false);
        run.Start("10", at: 0);
        Assert.Equal("\n└─ ⠋ 10  3s", run.At(3, 80));
    }

    [Fact]
    public void What_is_skipped_and_branches_that_were_not_chosen_take_no_time()
    {
        var when = new ConditionalNode(Id("when"), "X", null, [new("a", Step("20")), new("b", Step("70"))], null);
        var run = new Watched(In(when, Step("5"), Step("30")));
        Assert.StartsWith("~1m45s left\n", run.At(0, 80), StringComparison.Ordinal);
        run.Apply(new ConditionEvaluated(Id("when"), "", "a", "a", "X=a"), at: 0);
        Assert.StartsWith("~55s left\n", run.At(0, 80), StringComparison.Ordinal);
        run.Apply(new StepSkipped(Id("30"), "", "d/5 did not succeed"), at: 0);
        Assert.StartsWith("~25s left\n", run.At(0, 80), StringComparison.Ordinal);
    }

    [Fact]
    public void A_retry_takes_its_time_again_and_a_catch_counts_once_it_has_begun()
    {
        var retry = new RetryNode(Id("retry"), 3, TimeSpan.FromSeconds(1), false, TimeSpan.FromMinutes(5), false, Step("10"));
        var run = new Watched(In(new TryCatchNode(Id("try"), retry, Step("40"), Step("5"))));
        Assert.StartsWith("~15s left\n", run.At(0, 80), StringComparison.Ordinal);
        run.Start("10", at: 0);
        run.End("10", at: 8, Outcome.Failed);
        run.Apply(new StepRetried(Id("retry"), "", 1, 3, _start.AddSeconds(9), "exit code 1"), at: 8);
        Assert.StartsWith("~15s left\n", run.At(9, 80), StringComparison.Ordinal);
        run.Start("10", at: 9);
        run.End("10", at: 12, Outcome.Failed);
        run.Start("40", at: 12);
        Assert.StartsWith("~35s left\n", run.At(22, 80), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_steps_fit_a_small_terminal_and_say_when_all_will_be_over()
    {
        PlanNode[] steps = [.. Enumerable.Range(0, 1000).Select(i => new ShellNode(Id($"s{i}"), Text("10")))];
        var run = new Watched(In(new ParallelNode(Id("p"), ParallelMode.FailFast, 4, [.. steps])));
        for (var i = 0; i < 500; i++)
        {
            run.Start($"s{i}", at: 0);
            run.End($"s{i}", at: 10);
        }
        for (var i = 500; i < 504; i++) run.Start($"s{i}", at: 10);
        Assert.Equal("""
            ~20m46s left
            └─ ⠋ @parallel {4 …  14s  500/1000  ~20m46s left
               ├─ ✓ 500 done
               ├─ ⠋ 10  4s  ~6s left
               ├─ ⠋ 10  4s  ~6s left
               ├─ ⠋ 10  4s  ~6s left
               ├─ ⠋ 10  4s  ~6s left
               └─ · 496 waiting
            """, run.At(14, 48));
        Assert.Contains("└─ ⠋ @parallel {4 concur…  14s  500/1000\n", run.At(14, 40), StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_has_no_end_to_wait_for()
    {
        var run = new Watched(In(Step("10")) with { Mode = PlanMode.Watch });
        run.Start("10", at: 0);
        Assert.Equal("\n└─ ⠋ 10  3s  ~7s left", run.At(3, 80));
    }

    private static StepId Id(string name) => new($"d/{name}");

    private static ShellTemplate Text(string text) => new([new LiteralText(text)]);

    private static ShellNode Step(string text) => new(Id(text), Text(text));

    private static Plan In(params PlanNode[] steps) => new(
        "d", PlanMode.Run, new SequenceNode(new StepId("d"), [.. steps]), [], new PlanContext("/", ImmutableArray<DefinitionFile>.Empty, "linux", "x64"));

    private sealed class Watched
    {
        private readonly RowStates _states;
        private readonly TimeLeft _left;
        private long _sequence;

        public Watched(Plan plan, bool known = true)
        {
            _states = new RowStates(new PlanRows(plan, unicode: true));
            _left = new TimeLeft(plan, cores: 2);
            if (!known) return;
            var timings = new Dictionary<StepId, StepTiming>();
            foreach (var shell in plan.Steps().OfType<ShellNode>())
                if (double.TryParse(((LiteralText)shell.Text.Pieces[0]).Text, out var usual)) timings[shell.Id] = new(TimeSpan.FromSeconds(usual), TimeSpan.FromSeconds(2 * usual), 9);
            _left.Timings = timings;
        }

        public void Start(string step, double at) => Apply(new StepStarted(Id(step), "", "text", "its turn"), at);

        public void End(string step, double at, Outcome outcome = Outcome.Succeeded) => Apply(new StepEnded(Id(step), "", outcome, null, TimeSpan.Zero, null, 0), at);

        public void Apply(RunEvent happened, double at)
        {
            happened = happened with { Sequence = ++_sequence, At = _start.AddSeconds(at) };
            _states.Apply(happened);
            _left.Apply(happened);
        }

        /// <summary>What the head says of the time left, and the tree.</summary>
        public string At(double seconds, int columns)
        {
            var now = _start.AddSeconds(seconds);
            var head = _left.Measure(now);
            return $"{head}\n{string.Join('\n', new TreeFrame(_states, new FrameOptions(columns, 10, Style.Plain, true, now) { LeftOf = _left.Of }).Draw())}";
        }
    }
}
