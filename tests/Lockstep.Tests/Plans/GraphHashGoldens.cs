using System.Text.RegularExpressions;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;
using Lockstep.Tests.Shape;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans;

/// <summary>Hashes that every release of this plan format gives. A test here that fails is a break of every hash that users have noted.</summary>
public sealed partial class GraphHashGoldens
{
    [Fact]
    public void A_command() => AssertHash("e40335c08644efdc", Plan("build", Shell("npm run build")));

    [Fact]
    public void Two_statements() => AssertHash("0e4e6f7147f6e7a3", Plan("build", Shell("npm run build"), Shell("npm test")));

    [Fact]
    public void A_variable() => AssertHash("34b854bae30fd984", Plan("push", [Variable(1, "TAG", "v1")], Shell("push ‹0› \"‹0:double›\" ‹0:raw›")));

    [Fact]
    public void Every_value_decorator()
        => AssertHash(
            "6bedca93bdf74736",
            Plan(
                "values",
                [
                    Variable(1, "A", "x"), new(2, "B", new ParameterExpression("B", "x", true)), Environment(3, "C", "x"), Environment(4, "D", "x", fallback: "y"),
                    new(5, "E", new EnvironmentExpression("E", "", true)), Http(6, "F", "get-version"), new(7, "G", new DnsExpression("example.org", "AAAA")),
                    new(8, "H", new FileExpression("VERSION")), new(9, "I", new ShellExpression("git describe")), new(10, "J", new TimestampExpression("yyyy")),
                    new(11, "K", new UuidExpression(1)), Secret(12, "L"), new(13, "M", new OutputExpression("build")),
                ],
                Shell("‹0›‹1›‹2›‹3›‹4›‹5›‹6›‹7›‹8›‹9›‹10›‹11›‹12›")));

    [Fact]
    public void Blocks()
        => AssertHash("cf2fb7a4ca2160d3", Plan("deploy", Timeout(TimeSpan.FromMinutes(5), Parallel(Shell("task1"), Retry(3, TimeSpan.FromSeconds(5), Shell("task2"))))));

    [Fact]
    public void Parallel_with_its_parameters() => AssertHash("14eafe8e5445de0f", Plan("p", new ParallelNode(Id(), ParallelMode.All, 4, [Shell("a"), Sequence(Shell("b"), Shell("c"))])));

    [Fact]
    public void Surroundings()
        => AssertHash(
            "de80e8060fd69cb4",
            Plan(
                "s",
                new WorkdirNode(Id(), Text("./web"), true, new EnvironmentNode(Id(), [new("CI", Text("1")), new("LANG", Text("C"))], Shell("a"))),
                new ConfirmNode(Id(), Text("Sure?"), false, new DebounceNode(Id(), TimeSpan.FromMilliseconds(300), "**/*.cs", Shell("b")))));

    [Fact]
    public void Locks_and_caches()
        => AssertHash(
            "368eddbc7f481af1",
            Plan("s", new LockNode(Id(), Text("deploy"), TimeSpan.FromMinutes(10), new CacheNode(Id(), ["src/**"], ["bin/"], Text("k"), Shell("a")))));

    [Fact]
    public void Limits()
        => AssertHash("be1384e6625815d9", Plan("s", new LimitNode(Id(), 512_000_000, 1.5m, 100, new LimitNode(Id(), 1L << 30, null, null, Shell("a")))));

    [Fact]
    public void A_condition() => AssertHash("959556cbe029f259", Plan("build", When("OS", "linux", "linux", ("linux", Shell("make")), ("darwin", Shell("xcodebuild")))));

    [Fact]
    public void Try() => AssertHash("9c6a12ac7d573fcd", Plan("up", new TryCatchNode(Id(), Shell("a"), Shell("b"), Shell("c"))));

    [Fact]
    public void Calls_and_needs()
        => AssertHash("63107dcc787c05b8", Plan("up", new NeedsNode(Id(), [Call("build", Shell("make")) with { Once = true }]), Call("publish", Shell("push")) with { Arguments = ["prod"] }));

    [Fact]
    public void A_chain()
        => AssertHash("6a1aeb1d64cd4854", Plan("up", Chain(ChainOperator.Or, Chain(ChainOperator.And, Shell("a"), Log("b", LogLevel.Warn)), Chain(ChainOperator.Pipe, Shell("c"), Shell("d")) with { AppendTo = Text("log") })));

    [Fact]
    public void A_watch() => AssertHash("c303aacbfb176f3e", Plan("dev", Shell("npm run dev")) with { Mode = PlanMode.Watch });

    [Fact]
    public void The_example_of_the_guide_hashes_to_what_it_says()
    {
        var guide = File.ReadAllText(Repository.PathOf("docs", "plan.md"));
        var example = guide[guide.IndexOf("```hash", StringComparison.Ordinal)..];
        example = example[..example.IndexOf("```", 7, StringComparison.Ordinal)];
        var bytes = Bytes().Matches(example).SelectMany(line => Convert.FromHexString(line.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal))).ToArray();
        var hash = GraphHash.Of(Plan("build", Shell("npm run build")));
        Assert.Equal(hash, Sha256.Hex(bytes)[..16]);
        Assert.Contains($"`{hash}`", guide, StringComparison.Ordinal);
    }

    private static void AssertHash(string expected, Plan plan) => Assert.Equal(expected, GraphHash.Of(plan));

    [GeneratedRegex("(?m)^((?:[0-9a-f]{2} )+) ")]
    private static partial Regex Bytes();
}
