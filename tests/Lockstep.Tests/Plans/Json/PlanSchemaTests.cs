using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Tests.Shape;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans.Json;

public sealed class PlanSchemaTests
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("docs", "plan.schema.json"))).RootElement;

    private static readonly JsonSchema Schema = new(Root);

    [Fact]
    public void Every_plan_fits_the_schema()
        => Prop.ForAll(AnyPlan.Any, plan => Assert.Empty(Schema.Check(JsonDocument.Parse(PlanJson.ToUtf8(plan)).RootElement))).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_kind_has_its_own_definition()
    {
        var kinds = Root.GetProperty("$defs").GetProperty("step").GetProperty("oneOf").EnumerateArray().Select(kind => kind.GetProperty("$ref").GetString()!["#/$defs/".Length..]);
        Assert.Equal(StepKinds.All.Select(kind => kind.Name).Order(), kinds.Order());
    }

    [Theory]
    [InlineData("\"run\"", "\"walk\"")]
    [InlineData("\"attempts\"", "\"attemps\"")]
    [InlineData("\"delay\":\"5s\"", "\"delay\":\"5 seconds\"")]
    [InlineData("\"kind\":\"retry\"", "\"kind\":\"rerun\"")]
    [InlineData("[\"make\"]", "\"make\"")]
    public void What_is_changed_by_hand_does_not_fit(string written, string instead)
    {
        var json = System.Text.Encoding.UTF8.GetString(PlanJson.ToUtf8(Plan("up", Retry(3, TimeSpan.FromSeconds(5), Shell("make")))));
        Assert.Contains(written, json, StringComparison.Ordinal);
        Assert.NotEmpty(Schema.Check(JsonDocument.Parse(json.Replace(written, instead, StringComparison.Ordinal)).RootElement));
    }
}
