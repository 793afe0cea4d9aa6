using Lockstep.Plans;

namespace Lockstep.Tests.Shape;

public sealed class NodeKindsComplete
{
    private const string Steps = "Lockstep.Execution.Steps";

    public static TheoryData<Type> Kinds => [.. typeof(PlanNode).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PlanNode)) && !type.IsAbstract)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_has_a_discriminator_of_its_own(Type kind)
    {
        var listed = Assert.Single(StepKinds.All, entry => entry.Read.Method.ReturnType == kind);
        Assert.Single(StepKinds.All, entry => entry.Name == listed.Name);
        Assert.NotEmpty(listed.Name);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_is_named_after_what_it_is(Type kind) => Assert.EndsWith("Node", kind.Name, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_has_a_step_that_runs_it(Type kind)
    {
        var steps = typeof(PlanNode).Assembly.GetTypes()
            .Where(type => type.Namespace is { } name && (name == Steps || name.StartsWith(Steps + '.', StringComparison.Ordinal)))
            .Select(type => type.Name)
            .ToHashSet();
        Assert.Contains(kind.Name[..^"Node".Length] + "Step", steps);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_is_told_of_in_the_guide_to_plans(Type kind)
    {
        var page = Repository.PathOf("docs", "plan.md");
        var discriminator = StepKinds.All.Single(entry => entry.Read.Method.ReturnType == kind).Name;
        Assert.Contains($"`{discriminator}`", File.ReadAllText(page), StringComparison.Ordinal);
    }
}
