using Lockstep.Plans;

namespace Lockstep.Tests.Plans;

public sealed class StepIdTests
{
    [Fact]
    public void A_child_is_named_below_its_parent() => Assert.Equal("deploy/parallel/2", new StepId("deploy").Child("parallel").Child("2").Path);

    [Fact]
    public void A_long_path_keeps_its_root_and_its_last_names()
    {
        var id = new StepId("deploy");
        for (var i = 0; i < 40; i++) id = id.Child($"step-{i:00}");
        Assert.Equal("deploy/~", id.Path[..8]);
        Assert.EndsWith("/step-38/step-39", id.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_stay_short_and_distinct_however_deep_they_are()
    {
        var seen = new HashSet<string>();
        var id = new StepId("deploy");
        for (var i = 0; i < 20_000; i++)
        {
            id = id.Child($"c{i % 7}");
            Assert.True(id.Path.Length <= StepId.WholePath);
            Assert.True(seen.Add(id.Path));
        }
    }
}
