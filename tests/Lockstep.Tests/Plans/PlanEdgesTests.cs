using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans;

public sealed class PlanEdgesTests
{
    [Fact]
    public void Statements_follow_each_other() => AssertEdges(Sequence(Leaf("a"), Leaf("b"), Leaf("c")), "a then b", "b then c");

    [Fact]
    public void Links_hang_on_success_failure_output_and_files()
    {
        AssertEdges(Chain(ChainOperator.And, Leaf("a"), Leaf("b")), "a on-success b");
        AssertEdges(Chain(ChainOperator.Or, Leaf("a"), Leaf("b")), "a on-failure b");
        AssertEdges(Chain(ChainOperator.Pipe, Leaf("a"), Leaf("b")), "a pipe b");
        AssertEdges(new ChainNode(new("c"), ChainOperator.And, [Leaf("a")]) { AppendTo = Text("log") }, "a append c");
    }

    [Fact]
    public void Parallel_runs_its_branches_and_a_condition_chooses_among_its_own()
    {
        AssertEdges(new ParallelNode(new("p"), ParallelMode.All, null, [Leaf("a"), Leaf("b")]), "p parallel a", "p parallel b");
        AssertEdges(
            new ConditionalNode(new("w"), "OS", null, [new("linux", Leaf("a")), new("default", Leaf("b"))], null),
            "w branch a (linux)", "w branch b (default)");
    }

    [Fact]
    public void Catch_follows_failure_and_finally_follows_either()
    {
        AssertEdges(new TryCatchNode(new("t"), Leaf("a"), Leaf("b"), Leaf("c")), "a on-failure b (catch)", "b then c (finally)");
        AssertEdges(new TryCatchNode(new("t"), Leaf("a"), null, Leaf("c")), "a then c (finally)");
    }

    [Fact]
    public void Needs_depends_on_its_calls()
        => AssertEdges(new NeedsNode(new("n"), [new CallNode(new("a"), "a", [], null), new CallNode(new("b"), "b", [], null)]), "n depends-on a", "n depends-on b");

    [Fact]
    public void A_summary_counts_steps_values_and_limits()
    {
        var summary = PlanSummary.Of(Plan(
            "up",
            [Variable(1, "A", "x"), Http(2, "B", "b"), Secret(3, "C"), new(4, "D", new EnvironmentExpression("D")) { Error = "D is not set" }],
            Timeout(TimeSpan.FromMinutes(1), Timeout(TimeSpan.FromMinutes(5), Shell("a"))),
            new ConfirmNode(Id(), Text("?"), false, new ParallelNode(Id(), ParallelMode.All, 2, [Shell("b"), Shell("c"), Log("d")])) { Error = "bad" }));
        Assert.Equal((8, 4), (summary.Steps, summary.Leaves));
        Assert.Equal("confirm=1 log=1 parallel=1 shell=3 timeout=2", string.Join(' ', summary.Kinds.Select(kind => $"{kind.Kind}={kind.Count}")));
        Assert.Equal((4, 2, 1), (summary.Values, summary.Unresolved, summary.Sensitive));
        Assert.Equal((2, 1, 2), (summary.Errors, summary.Questions, summary.WidestParallel));
        Assert.Equal(TimeSpan.FromMinutes(5), summary.LongestTimeout);
    }

    private static ShellNode Leaf(string id) => new(new(id), Text(id));

    private static void AssertEdges(PlanNode root, params string[] expected)
        => Assert.Equal(
            expected,
            PlanEdges.Of(new Plan("up", PlanMode.Run, root, [], Context)).Select(edge => $"{edge.From} {edge.Kind.Word()} {edge.To}{(edge.Label is null ? "" : $" ({edge.Label})")}"));
}
