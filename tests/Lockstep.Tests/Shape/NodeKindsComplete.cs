using System.Reflection;
using System.Text.Json.Serialization;
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
        var listed = Listed().Where(entry => entry.DerivedType == kind).ToList();
        var discriminator = Assert.Single(listed).TypeDiscriminator as string;
        Assert.False(string.IsNullOrEmpty(discriminator));
        Assert.Single(Listed(), entry => Equals(entry.TypeDiscriminator, discriminator));
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
        if (steps.Count > 0) Assert.Contains(kind.Name[..^"Node".Length] + "Step", steps);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kind_is_told_of_in_the_guide_to_plans(Type kind)
    {
        var page = Repository.PathOf("docs", "plan.md");
        var discriminator = Listed().Single(entry => entry.DerivedType == kind).TypeDiscriminator;
        if (File.Exists(page)) Assert.Contains($"`{discriminator}`", File.ReadAllText(page), StringComparison.Ordinal);
    }

    private static IEnumerable<JsonDerivedTypeAttribute> Listed() => typeof(PlanNode).GetCustomAttributes<JsonDerivedTypeAttribute>();
}
