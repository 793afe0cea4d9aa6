using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans;

public sealed class GraphHashTests
{
    private static readonly PlannedValue Tag = Variable(1, "TAG", "v1");

    [Fact]
    public void Quick_and_resolved_plans_hash_alike()
        => Assert.Equal(
            GraphHash.Of(Plan("deploy", [Http(1, "VERSION", "get-version")], Shell("push ‹0›"))),
            GraphHash.Of(Plan("deploy", [Http(1, "VERSION", "get-version", "v2.1.4")], Shell("push ‹0›"))));

    [Fact]
    public void Values_places_markers_ids_and_choices_do_not_change_it()
    {
        var hash = GraphHash.Of(Plan("up", [Tag], Shell("push ‹0›"), When("OS", "linux", "linux", ("linux", Shell("a")), ("darwin", Shell("b")))));
        Assert.Equal(hash, GraphHash.Of(Plan(
            "other",
            [Variable(7, "TAG", "v2")],
            Shell("push ‹0›") with { Place = new Place("commands.cli", 3, 4) },
            When("OS", "darwin", "darwin", ("linux", Shell("a")), ("darwin", Shell("b"))))));
        Assert.Matches("^[0-9a-f]{16}$", hash);
    }

    [Fact]
    public void Where_a_value_stands_among_the_plans_values_does_not_change_it()
        => Assert.Equal(
            GraphHash.Of(Plan("up", [Tag, Variable(2, "B", "x")], Shell("‹0› ‹1›"))),
            GraphHash.Of(Plan("up", [Variable(2, "B", "x"), Tag], Shell("‹1› ‹0›"))));

    private static TheoryData<string, Plan> Different => new()
    {
        { "text", Plan("up", [Tag], Shell("push ‹0›!")) },
        { "another value", Plan("up", [Variable(1, "TAGS", "v1")], Shell("push ‹0›")) },
        { "another decorator", Plan("up", [Environment(1, "TAG", "v1")], Shell("push ‹0›")) },
        { "a default", Plan("up", [Environment(1, "TAG", "v1", fallback: "v1")], Shell("push ‹0›")) },
        { "another default", Plan("up", [Environment(1, "TAG", "v1", fallback: "v2")], Shell("push ‹0›")) },
        { "quoting", Plan("up", [Tag], Shell("push ‹0:raw›")) },
        { "other code", Plan("up", [Variable(1, "TAG", "v2")], Shell("push ‹0:raw›")) },
        { "text where the value was", Plan("up", Shell("push v1")) },
        { "a watch", Plan("up", [Tag], Shell("push ‹0›")) with { Mode = PlanMode.Watch } },
        { "a step more", Plan("up", [Tag], Shell("push ‹0›"), Shell("b")) },
        { "the other order", Plan("up", [Tag], Shell("b"), Shell("push ‹0›")) },
        { "a wrapper", Plan("up", [Tag], Timeout(TimeSpan.FromSeconds(1), Shell("push ‹0›"))) },
        { "its parameter", Plan("up", [Tag], Timeout(TimeSpan.FromSeconds(2), Shell("push ‹0›"))) },
        { "where the wrapper ends", Plan("up", [Tag], Timeout(TimeSpan.FromSeconds(2), Shell("push ‹0›"), Shell("b"))) },
        { "a step after it", Plan("up", [Tag], Timeout(TimeSpan.FromSeconds(2), Shell("push ‹0›")), Shell("b")) },
        { "a branch not taken", Plan("up", When("OS", "linux", "linux", ("linux", Shell("a")), ("darwin", Shell("b")))) },
        { "its body", Plan("up", When("OS", "linux", "linux", ("linux", Shell("a")), ("darwin", Shell("c")))) },
        { "its pattern", Plan("up", When("OS", "linux", "linux", ("linux", Shell("a")), ("plan9", Shell("b")))) },
        { "catch", Plan("up", new TryCatchNode(Id(), Shell("a"), Shell("b"), null)) },
        { "finally", Plan("up", new TryCatchNode(Id(), Shell("a"), null, Shell("b"))) },
        { "and", Plan("up", Chain(ChainOperator.And, Shell("a"), Shell("b"))) },
        { "or", Plan("up", Chain(ChainOperator.Or, Shell("a"), Shell("b"))) },
        { "a call", Plan("up", Call("x", Shell("a"))) },
        { "a call once", Plan("up", Call("x", Shell("a")) with { Once = true }) },
    };

    [Fact]
    public void Each_difference_of_structure_changes_it()
    {
        var hashes = Different.Select(row => GraphHash.Of((Plan)row[1])).ToList();
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public void Whether_a_need_was_met_by_the_branch_that_is_taken_does_not_change_it()
    {
        var needs = new NeedsNode(Id(), [Call("build", Shell("make")) with { Once = true }]);
        var met = new NeedsNode(Id(), [Call("build") with { Once = true }]);
        Assert.Equal(
            GraphHash.Of(Plan("up", When("OS", "linux", "linux", ("linux", needs)), met)),
            GraphHash.Of(Plan("up", When("OS", "darwin", null, ("linux", needs)), needs)));
    }

    [Fact]
    public void A_default_that_is_sensitive_is_not_in_it()
        => Assert.Equal(
            GraphHash.Of(Plan("up", [Environment(1, "PASSWORD", "a", fallback: "a") with { Sensitive = true }], Shell("‹0›"))),
            GraphHash.Of(Plan("up", [Environment(1, "PASSWORD", "b") with { Sensitive = true }], Shell("‹0›"))));

    [Fact]
    public void Code_that_is_sensitive_is_not_in_it()
        => Assert.Equal(
            GraphHash.Of(Plan("up", [Variable(1, "PASSWORD", "a") with { Sensitive = true }], Shell("‹0:raw›"))),
            GraphHash.Of(Plan("up", [Variable(1, "PASSWORD", "b") with { Sensitive = true }], Shell("‹0:raw›"))));

    [Fact]
    public void A_plan_of_any_depth_has_one()
    {
        PlanNode node = Shell("last");
        for (var i = 0; i < 100_000; i++) node = Call("next", node);
        Assert.Equal(16, GraphHash.Of(Plan("up", node)).Length);
    }
}
