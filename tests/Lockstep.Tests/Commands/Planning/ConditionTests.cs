using Lockstep.Plans.Nodes;

namespace Lockstep.Tests.Commands.Planning;

public sealed class ConditionTests
{
    [Fact]
    public void Why_a_sensitive_value_chose_its_branch_does_not_tell_the_value()
    {
        var plan = Planner.Of("x: @when(API_TOKEN) { tango: a; default: b }").With("API_TOKEN", "tango").Good("x");
        Assert.Equal("API_TOKEN=<redacted> matches a pattern", plan.Steps().OfType<ConditionalNode>().Single().Evaluation!.Reason);
    }
}
