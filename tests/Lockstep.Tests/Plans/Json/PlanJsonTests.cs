using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Tests.Shape;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans.Json;

public sealed class PlanJsonTests
{
    [Fact]
    public void What_is_written_reads_back_to_the_same_bytes_and_hash()
        => Prop.ForAll(AnyPlan.Any, plan =>
        {
            var json = PlanJson.ToUtf8(plan);
            var read = PlanJson.Read(json);
            Assert.Equal(GraphHash.Of(plan), GraphHash.Of(read));
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(PlanJson.ToUtf8(read)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_indented_plan_reads_back_too()
    {
        using var output = new MemoryStream();
        PlanJson.Write(output, Plan("up", Shell("a")), indented: true);
        Assert.Equal("up", PlanJson.Read(output.ToArray()).Command);
        Assert.Contains("\n  \"command\": \"up\",\n", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(100_000)]
    public void A_plan_of_any_depth_writes_and_reads(int depth)
    {
        PlanNode node = Shell("last");
        for (var i = 0; i < depth; i++) node = Call("next", node);
        var json = PlanJson.ToUtf8(Plan("first", node));
        Assert.Equal(json, PlanJson.ToUtf8(PlanJson.Read(json)));
    }

    [Fact]
    public void A_placeholder_says_that_it_resolves_at_run_time()
        => AssertValue(Http(1, "VERSION", "get-version"), """
            {"marker":1,"name":"VERSION","decorator":"http","arguments":{"label":"get-version","ttl":"0s","timeout":"10s","url":"https://example.org/get-version"},"nondeterministic":"true","resolve_at":"exec","pinned":""}
            """);

    [Fact]
    public void A_frozen_value_says_when_and_from_where_it_came()
        => AssertValue(
            new(1, "VERSION", new DnsExpression("example.org", "A"), new("v2", ValueSource.Http, DateTimeOffset.Parse("2024-01-15T12:30:00+02:00", null)), Pinned: true),
            """
            {"marker":1,"name":"VERSION","decorator":"dns","arguments":{"host":"example.org","type":"A"},"nondeterministic":"true","resolve_at":"plan","pinned":"plan","value":"v2","source":"http","resolved_at":"2024-01-15T10:30:00Z"}
            """);

    [Fact]
    public void A_cached_value_says_how_old_it_is_and_is_the_same_while_the_cache_lasts()
        => AssertValue(
            new(1, "IP", new DnsExpression("example.org", "A"), new("::1", ValueSource.Dns, CacheAge: TimeSpan.FromSeconds(45))),
            """
            {"marker":1,"name":"IP","decorator":"dns","arguments":{"host":"example.org","type":"A"},"nondeterministic":"false","resolve_at":"plan","pinned":"","value":"::1","source":"dns","cache_age":"45s"}
            """);

    [Fact]
    public void A_sensitive_value_is_not_in_it()
    {
        var secret = Environment(1, "API_KEY", "hunter2", fallback: "hunter2") with { Sensitive = true, Pinned = true };
        var plan = Plan("up", [secret], Shell("login ‹0›"), When("API_KEY", "hunter2", "x", ("x", Shell("a"))) with { Value = 0 });
        var json = Encoding.UTF8.GetString(PlanJson.ToUtf8(plan));
        Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
        Assert.Contains("\"sensitive\":true,\"value\":\"<redacted>\"", json, StringComparison.Ordinal);
        Assert.Null(PlanJson.Read(Encoding.UTF8.GetBytes(json)).Values[0].Resolved);
    }

    [Fact]
    public void A_plan_reads_as_a_golden_text()
    {
        var plan = new Plan(
            "deploy", PlanMode.Run,
            new SequenceNode(new("deploy/sequence"), [
                new TimeoutNode(new("deploy/timeout"), TimeSpan.FromMinutes(5), new ShellNode(new("deploy/timeout/1"), Text("push ‹0›:‹1:double›"))) { Place = new("commands.cli", 3, 1) },
                new ConditionalNode(new("deploy/when"), "OS", null, [new("linux", new ShellNode(new("deploy/when/linux/1"), Text("make")))], new("linux", "linux", "OS=linux matches pattern 'linux'")),
            ]),
            [Variable(1, "IMAGE", "myapp"), Http(2, "VERSION", "get-version")], Context);
        using var output = new MemoryStream();
        PlanJson.Write(output, plan, indented: true);
        Assert.Equal(File.ReadAllText(Repository.PathOf("tests", "Lockstep.Tests", "Plans", "Json", "golden.json")), Encoding.UTF8.GetString(output.ToArray()));
    }

    [Theory]
    [InlineData("", "the plan is no JSON: line 1, byte 1: it is cut off or damaged")]
    [InlineData("{\"format\":1,", "the plan is no JSON: line 1, byte 12: it is cut off or damaged")]
    [InlineData("[]", "the plan can't be read: it is no object")]
    [InlineData("{}", "the plan can't be read: the plan: \"format\" is missing")]
    [InlineData("{\"format\":\"1\"}", "the plan can't be read: the plan: \"format\" must be a number from 1")]
    [InlineData("{\"format\":2}", "the plan can't be read: its format is 2 and this program reads up to 1: use a newer lockstep")]
    [InlineData("{\"format\":1,\"values\":[1]}", "the plan can't be read: a value must be an object")]
    [InlineData("{\"format\":1,\"values\":[],\"steps\":[{\"id\":\"a\",\"kind\":\"dance\"}]}", "the plan can't be read: step a: this version knows no kind of step called \"dance\"")]
    [InlineData(
        "{\"format\":1,\"values\":[],\"steps\":[{\"id\":\"a\",\"kind\":\"shell\",\"parameters\":{\"text\":[{\"value\":0}]}}]}",
        "the plan can't be read: step a: \"value\" must be an index below 0")]
    [InlineData(
        "{\"format\":1,\"values\":[],\"steps\":[{\"id\":\"a\",\"kind\":\"timeout\",\"parameters\":{\"duration\":\"soon\"},\"children\":[]}]}",
        "the plan can't be read: step a: \"duration\" must be a duration such as 1h30m")]
    public void What_is_no_plan_is_refused_with_the_reason(string json, string message)
        => Assert.Equal(message, Assert.Throws<PlanFormatException>(() => PlanJson.Read(Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void A_changed_step_is_noticed_by_the_hash()
    {
        var json = Encoding.UTF8.GetString(PlanJson.ToUtf8(Plan("up", Shell("make")))).Replace("[\"make\"]", "[\"fake\"]", StringComparison.Ordinal);
        Assert.Equal(
            "the plan can't be read: its graph_hash is not that of its steps: it was changed or damaged",
            Assert.Throws<PlanFormatException>(() => PlanJson.Read(Encoding.UTF8.GetBytes(json))).Message);
    }

    [Fact]
    public void No_bytes_whatever_do_worse_than_be_refused()
        => Prop.ForAll(
            (from plan in AnyPlan.Any.Generator
             from at in Gen.Choose(0, 1_000_000)
             from what in Gen.Choose(0, 255)
             from cut in Gen.Elements(true, false)
             select Damaged(PlanJson.ToUtf8(plan), at, (byte)what, cut)).ToArbitrary(),
            bytes =>
            {
                try
                {
                    PlanJson.Read(bytes);
                }
                catch (PlanFormatException)
                {
                }
            }).QuickCheckThrowOnFailure();

    private static byte[] Damaged(byte[] json, int at, byte what, bool cut)
    {
        at %= json.Length;
        if (cut) return json[..at];
        json[at] = what;
        return json;
    }

    private static void AssertValue(PlannedValue value, string expected)
    {
        var json = JsonDocument.Parse(PlanJson.ToUtf8(Plan("up", [value], Shell("‹0›"))));
        Assert.Equal(expected.Trim(), json.RootElement.GetProperty("values")[0].GetRawText());
    }
}
