using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;
using static Lockstep.Tests.Plans.Sketch;

namespace Lockstep.Tests.Plans.Views;

public sealed partial class PlanHtmlTests
{
    [Fact]
    public void A_page_has_the_steps_the_values_and_the_hash()
    {
        var plan = Plan(
            "deploy",
            [Variable(1, "IMAGE", "myapp"), Http(2, "VERSION", "get-version"), Secret(3, "API_KEY")],
            Timeout(TimeSpan.FromMinutes(5), Parallel(Shell("docker build -t ‹0›:‹1›"), Retry(3, TimeSpan.FromSeconds(5), Shell("push --key ‹2›")))),
            new TryCatchNode(Id(), Shell("migrate"), Shell("roll back"), null),
            Shell("echo \"<done>\" && true"));
        var page = Html(plan);
        Assert.Contains(GraphHash.Of(plan), page, StringComparison.Ordinal);
        Assert.Contains("<summary class=\"line\"><span class=\"c\">@timeout</span><span class=\"g\"> {5m timeout}</span></summary>", page, StringComparison.Ordinal);
        Assert.Contains("docker build -t myapp<span class=\"m\">¹</span>:@http(get-version)<span class=\"m\">²</span>", page, StringComparison.Ordinal);
        Assert.Contains("echo &quot;&lt;done&gt;&quot; &amp;&amp; true", page, StringComparison.Ordinal);
        Assert.Contains("<code class=\"g\">&lt;redacted&gt;</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_closes_and_nothing_in_a_plan_becomes_one()
        => Prop.ForAll(AnyPlan.Any, plan =>
        {
            var open = new Stack<string>();
            foreach (Match tag in Tags().Matches(Html(plan)))
            {
                var name = tag.Groups[2].Value;
                Assert.Contains(name, (string[])["html", "head", "meta", "title", "style", "body", "main", "header", "section", "div", "h1", "h2", "p", "ul", "li", "b", "span", "code", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"]);
                if (name == "meta") continue;
                if (tag.Groups[1].Length == 0) open.Push(name);
                else Assert.Equal(name, open.Pop());
            }

            Assert.Empty(open);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_page_asks_nobody_for_anything()
        => Assert.DoesNotMatch("(?i)<script|<link|<img|src=|href=|url\\(|@import", Html(Plan("up", Shell("curl http://example.org"))));

    [Fact]
    public void A_sensitive_value_is_in_no_view()
    {
        const string secret = "hunter2-hunter2";
        var plan = Plan(
            "up", [Environment(1, "API_KEY", secret, ValueSource.Default, secret) with { Sensitive = true }],
            new EnvironmentNode(Id(), [new("K", Text("‹0:text›"))], Shell("a ‹0› ‹0:raw›")),
            When("API_KEY", secret, "default", ("default", Log("‹0:text›"))) with { Value = 0 });
        using var views = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var options in (TreeOptions[])[new(), new() { Verbose = true }, new() { Quiet = true }, new() { Color = true, Unicode = false }])
            PlanTree.Write(views, plan, options);
        PlanDot.Write(views, plan);
        PlanMermaid.Write(views, plan);
        PlanHtml.Write(views, plan);
        views.Write(System.Text.Encoding.UTF8.GetString(PlanJson.ToUtf8(plan)));
        Assert.DoesNotContain("hunter2", views.ToString(), StringComparison.Ordinal);
    }

    private static string Html(Plan plan)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        PlanHtml.Write(text, plan);
        return text.ToString();
    }

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)[^>]*>")]
    private static partial Regex Tags();
}
