using System.Text;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans.Views;

public sealed class PlanTreeKindsTests
{
    [Fact]
    public void Every_block_shows_its_parameters()
        => AssertTree(
            Plan(
                "all", [Variable(1, "DIR", "dist")],
                new ParallelNode(Id(), ParallelMode.All, 2, [Shell("a"), Shell("b"), Shell("c")]),
                new RetryNode(Id(), 5, TimeSpan.FromMilliseconds(500), true, TimeSpan.FromMinutes(1), true, Shell("d")),
                new WorkdirNode(Id(), Text("./‹0:text›"), true, Shell("e")),
                new EnvironmentNode(Id(), [new("CI", Text("1")), new("OUT", Text("‹0:text›/out"))], Shell("f")),
                new ConfirmNode(Id(), Text("Deploy to prod?"), true, Shell("g")),
                new DebounceNode(Id(), TimeSpan.FromMilliseconds(300), "src/**/*.ts", Shell("h")),
                new LockNode(Id(), Text("deploy"), TimeSpan.FromMinutes(1), Shell("i")),
                new LimitNode(Id(), 512_000_000, 1.50m, 100, new LimitNode(Id(), null, null, 1, Shell("k"))),
                new CacheNode(Id(), ["src/**", "go.sum"], ["bin/"], Text("‹0:text›"), Shell("j"))),
            """
            all:
            ├─ @parallel {2 concurrent, all}
            │  ├─ a
            │  ├─ b
            │  └─ c
            ├─ @retry {5 attempts, 500ms delay, exponential, 1m at most, jitter}
            │  └─ d
            ├─ @workdir {./dist¹, created if missing}
            │  └─ e
            ├─ @with {CI=1, OUT=dist¹/out}
            │  └─ f
            ├─ @confirm {Deploy to prod?, default yes}
            │  └─ g
            ├─ @debounce {300ms quiet, src/**/*.ts}
            │  └─ h
            ├─ @lock {deploy, 1m timeout}
            │  └─ i
            ├─ @limit {memory 512MB, 1.5 cpu, 100 processes}
            │  └─ @limit {1 process}
            │     └─ k
            └─ @cache {src/** go.sum → bin/, key dist¹}
               └─ j

            Legend: Variable mappings (¹ ² ³) shown below
            {¹DIR=dist}
            """);

    [Fact]
    public void Calls_show_what_they_run_and_needs_show_each_command_once()
        => AssertTree(
            Plan(
                "release",
                new NeedsNode(Id(), [Call("build", Shell("make")) with { Once = true }, Call("test", Shell("make test"), Shell("make lint")) with { Once = true }]),
                Call("publish", Call("build") with { Once = true }, Shell("make publish")) with { Arguments = ["latest", "dry = true"] },
                Log("Published", LogLevel.Warn)),
            """
            release:
            ├─ @needs {build, test}
            │  ├─ @cmd(build)
            │  │  └─ make
            │  └─ @cmd(test)
            │     ├─ make test
            │     └─ make lint
            ├─ @cmd(publish, latest, dry = true)
            │  ├─ @cmd(build) {once, see above}
            │  └─ make publish
            └─ @log("Published", warn)
            """);

    [Fact]
    public void Try_labels_its_branches()
        => AssertTree(
            Plan("up", new TryCatchNode(Id(), Sequence(Shell("migrate"), Shell("start")), Shell("roll back"), Log("over"))),
            """
            up:
            └─ @try
               ├─ main:
               │  ├─ migrate
               │  └─ start
               ├─ catch:
               │  └─ roll back
               └─ finally:
                  └─ @log("over")
            """);

    [Fact]
    public void A_condition_known_only_when_run_shows_all_branches()
        => AssertTree(
            Plan("up", WhenUnknown("CHANNEL", ("beta", Sequence(Shell("a"), Shell("b"))), ("default", Shell("c")))),
            """
            up:
            └─ @when {CHANNEL = <will resolve at runtime>}
               ├─ beta:
               │  ├─ a
               │  └─ b
               └─ default:
                  └─ c
            """);

    [Fact]
    public void A_condition_that_selects_nothing_says_so()
        => AssertTree(Plan("up", When("OS", "plan9", null, ("linux", Shell("make"))), When("CI", null, "default", ("default", Shell("x")))), """
            up:
            ├─ @when {OS = plan9 → no branch, skipped}
            └─ @when {CI = <unset> → default}
               └─ x
            """);

    [Fact]
    public void A_condition_on_a_sensitive_value_is_redacted()
        => AssertTree(
            Plan(
                "up", [Environment(1, "API_KEY", "prod-key") with { Sensitive = true }],
                When("API_KEY", "prod-key", "default", ("default", Shell("make"))) with { Value = 0 }),
            """
            up:
            └─ @when {<redacted>}
               └─ make
            """);

    [Fact]
    public void Values_of_branches_not_taken_are_not_in_the_mapping()
        => AssertTree(
            Plan(
                "up", [Variable(1, "A", "1"), Variable(2, "B", "2")],
                When("OS", "linux", "linux", ("linux", Shell("make ‹0›")), ("darwin", Shell("xcodebuild ‹1›")))),
            """
            up:
            └─ @when {OS = linux → linux}
               └─ make 1¹
                  {¹A=1}
            """);

    [Fact]
    public void A_chain_that_fits_is_one_line_and_shows_what_its_calls_run()
        => AssertTree(
            Plan("up", Chain(ChainOperator.Or, Chain(ChainOperator.And, Call("build", Shell("make")), Shell("echo ok")), Log("failed"))),
            """
            up:
            └─ @cmd(build) && echo ok || @log("failed")
               └─ @cmd(build)
                  └─ make
            """);

    [Fact]
    public void A_chain_with_calls_has_more_than_one_leaf()
        => AssertTree(
            Plan("up", [Variable(1, "TAG", "v1")], Chain(ChainOperator.And, Call("build", Shell("make ‹0›")), Shell("push ‹0›"))),
            """
            up:
            └─ @cmd(build) && push v1¹
               └─ @cmd(build)
                  └─ make v1¹

            Legend: Variable mappings (¹ ² ³) shown below
            {¹TAG=v1}
            """);

    [Fact]
    public void A_pipe_and_an_appended_file_stand_as_written()
        => AssertTree(
            Plan("up", Chain(ChainOperator.And, Shell("a"), Chain(ChainOperator.Pipe, Shell("b"), Log("c")) with { AppendTo = Text("out.log") })),
            """
            up:
            └─ a && b | @log("c") >> out.log
            """);

    [Fact]
    public void A_chain_that_does_not_fit_is_a_tree_of_its_links()
    {
        var longText = new string('x', 60);
        AssertTree(
            Plan("up", Chain(ChainOperator.Or, Chain(ChainOperator.And, Shell($"a {longText}"), Call("build", Shell("make"))), Log("failed"))),
            $"""
            up:
            └─ chain {"{2 links}"}
               ├─ a {longText}
               ├─ && @cmd(build)
               │  └─ make
               └─ || @log("failed")
            """);
    }

    [Fact]
    public void What_the_shell_would_need_parentheses_for_stays_a_chain_of_its_own()
        => AssertTree(
            Plan("up", Chain(ChainOperator.Pipe, Chain(ChainOperator.And, Shell("a"), Shell("b")), Log("c"))),
            """
            up:
            └─ chain {2 links}
               ├─ a && b
               └─ | @log("c")
            """);

    [Theory]
    [InlineData(4, null, "{4 concurrent}")]
    [InlineData(5, null, "{5 concurrent, at most 2 × cores}")]
    [InlineData(5, 5, "{5 concurrent}")]
    [InlineData(5, 3, "{3 concurrent}")]
    [InlineData(3, 8, "{3 concurrent}")]
    public void What_a_parallel_step_says_of_its_width_is_true_on_every_machine(int branches, int? concurrency, string facts)
    {
        var step = Parallel([.. Enumerable.Range(0, branches).Select(_ => Shell("a"))]) with { Concurrency = concurrency };
        var shown = new StringWriter();
        PlanTree.Write(shown, Plan("up", step), new TreeOptions());
        Assert.Contains($"@parallel {facts}\n", shown.ToString(), StringComparison.Ordinal);
        Assert.InRange(step.LimitOn(1), Math.Min(branches, concurrency ?? 4), int.MaxValue);
        Assert.Equal(concurrency ?? 32, step.LimitOn(16));
    }

    [Fact]
    public void A_sequence_beside_parallel_branches_has_a_line_of_its_own()
        => AssertTree(
            Plan("up", Parallel(Sequence(Shell("a"), Shell("b")), Sequence(Shell("c")), Shell("d"))),
            """
            up:
            └─ @parallel {3 concurrent}
               ├─ sequence {2 steps, in order}
               │  ├─ a
               │  └─ b
               ├─ c
               └─ d
            """);

    [Fact]
    public void An_empty_plan_says_so_and_empty_bodies_draw_nothing()
    {
        AssertTree(Plan("up"), """
            up:
            └─ (no steps)
            """);
        AssertTree(Plan("up", Shell("a"), Sequence(), Sequence(Sequence(Sequence()))), """
            up:
            └─ a
            """);
    }

    [Fact]
    public void A_watch_and_a_stop_say_what_they_are()
    {
        Assert.Equal("watch dev:\n└─ a\n", (Plan("dev", Shell("a")) with { Mode = PlanMode.Watch }).Tree());
        Assert.Equal("stop dev:\n└─ a\n", (Plan("dev", Shell("a")) with { Mode = PlanMode.Stop }).Tree());
    }

    [Fact]
    public void A_chain_of_100_000_calls_prints()
    {
        PlanNode node = Shell("last");
        for (var i = 0; i < 100_000; i++) node = Call("next", node);
        var counted = new CountingWriter();
        PlanTree.Write(counted, Plan("first", node), new TreeOptions());
        Assert.Equal(100_002, counted.Lines);
    }

    [Fact]
    public void A_chain_of_100_000_links_prints()
    {
        PlanNode node = Shell("a");
        for (var i = 0; i < 100_000; i++) node = Chain(i % 2 == 0 ? ChainOperator.And : ChainOperator.Or, node, Shell("b"));
        var counted = new CountingWriter();
        PlanTree.Write(counted, Plan("first", node), new TreeOptions());
        Assert.Equal(100_003, counted.Lines);
    }

    private static void AssertTree(Plan plan, string expected) => Assert.Equal(expected + "\n", plan.Tree());

    private sealed class CountingWriter : TextWriter
    {
        public int Lines { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value == '\n') Lines++;
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
        }

        public override void Write(string? value)
        {
        }
    }
}
