using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Estimates;
using Lockstep.Plans.Nodes;

namespace Lockstep.Tests.Plans.Estimates;

public sealed class StepHashTests
{
    [Fact]
    public void A_step_keeps_its_hash_whatever_its_id_its_neighbours_and_the_commands_name_are()
        => Assert.Equal(Only(Sketch.Plan("a", Sketch.Shell("npm test"))), Hash(Sketch.Plan("b", Sketch.Shell("make"), Sketch.Parallel(Sketch.Shell("npm test"), Sketch.Log("x"))), "npm test"));

    [Fact]
    public void A_values_text_does_not_count()
        => Assert.Equal(Only(Sketch.Plan("a", [Variable("one")], Sketch.Shell("deploy ‹0›"))), Only(Sketch.Plan("a", [Variable("two")], Sketch.Shell("deploy ‹0›"))));

    [Fact]
    public void Other_text_another_wrapper_and_another_folder_make_another_step()
    {
        var hash = Only(Sketch.Plan("a", Sketch.Shell("npm test")));
        Assert.NotEqual(hash, Only(Sketch.Plan("a", Sketch.Shell("npm tests"))));
        Assert.NotEqual(hash, Only(Sketch.Plan("a", new WorkdirNode(Sketch.Id(), Sketch.Text("web"), false, Sketch.Shell("npm test")))));
        Assert.NotEqual(hash, Only(Sketch.Plan("a", Sketch.Shell("npm test")) with { Context = Sketch.Context with { Directory = "/other" } }));
    }

    [Fact]
    public void The_order_of_wrappers_counts()
        => Assert.NotEqual(
            Only(Sketch.Plan("a", Sketch.Timeout(TimeSpan.FromSeconds(9), Sketch.Retry(2, TimeSpan.Zero, Sketch.Shell("x"))))),
            Only(Sketch.Plan("a", Sketch.Retry(2, TimeSpan.Zero, Sketch.Timeout(TimeSpan.FromSeconds(9), Sketch.Shell("x"))))));

    [Fact]
    public void Only_steps_that_take_time_have_one()
        => Assert.Single(StepHash.Of(Sketch.Plan("a", Sketch.Log("hello"), Sketch.Sequence(), Sketch.Shell("npm test"))));

    [Fact]
    public void It_is_the_same_in_every_release() => Assert.Equal(2509992711593952340, Only(Sketch.Plan("a", Sketch.Timeout(TimeSpan.FromSeconds(9), Sketch.Shell("npm test")))));

    private static PlannedValue Variable(string text) => Sketch.Variable(1, "TARGET", text);

    private static long Only(Plan plan) => Assert.Single(StepHash.Of(plan)).Value;

    private static long Hash(Plan plan, string text)
        => StepHash.Of(plan)[plan.Steps().OfType<ShellNode>().Single(shell => shell.Text.Pieces is [LiteralText only] && only.Text == text).Id];
}
