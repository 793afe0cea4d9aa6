using System.Text;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Views;

namespace Lockstep.Tests.Commands.Planning;

/// <summary>What is sensitive stays so in every expression that holds it: in what is shown, written and hashed.</summary>
public sealed class SensitiveValuesTests
{
    private const string Secret = "hunter2-hunter2";

    public static TheoryData<string> Holders => new()
    {
        "var S = @secret(SEC)\nvar U = @env(OTHER, default = S)\nx: echo @var(U)",
        "var S = @secret(SEC)\nx: echo @env(OTHER, default = S)",
        "var S = @env(API_TOKEN)\nvar T = @var(S)\nvar U = @env(OTHER, default = T)\nx: @cmd(y, U)\ny(v): echo @var(v)",
        "var S = @secret(SEC)\nvar U = @file(S)\nx: echo @var(U)",
        "var S = @secret(SEC)\nx: echo @file(S)",
        "var S = @secret(SEC)\nx: echo @sh(S) @dns(S) @timestamp(S)",
        "var S = @env(SECRET_URL)\nvar V = @http(S)\nx: echo @var(V)",
        "var API_TOKEN = \"hunter2-hunter2\"\nx: echo @file(API_TOKEN) @sh(API_TOKEN)",
        "var MY_AUTH_URL = \"https://example.org/hunter2-hunter2\"\nx: echo @http(MY_AUTH_URL)",
        "var S = @secret(SEC)\nx: @effect(\"once\", verify = S) { echo }",
        "var U = \"https://example.org/hunter2-hunter2\"\nvar V = @http(U)\nlogin(token): echo @var(token)\nx: {\n echo @var(V)\n @cmd(login, U)\n}",
        "login(token): echo @var(token)\nf(v): @cmd(login, v)\nx: @cmd(f, \"hunter2-hunter2\")",
        "x(token = \"hunter2-hunter2\"): echo @file(token)",
        "var S = @secret(SEC)\nx: @timeout(S) { echo }",
    };

    [Theory]
    [MemberData(nameof(Holders))]
    public void A_secret_shows_nowhere_whatever_holds_it(string text)
    {
        var planned = Around(Planner.Of(text)).Plan("x");
        Assert.DoesNotContain(Secret, Everything(planned.Plan!) + Planner.Print(planned.Diagnostics.Where(diagnostic => diagnostic.Id != "LS1200")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_a_secret_is_sensitive_itself()
    {
        var plan = Around(Planner.Of("var S = @secret(SEC)\nvar U = @env(OTHER, default = S)\nvar F = @file(S)\nx: echo @var(U) @var(F) @env(HOME, default = \"h\")")).Good("x");
        Assert.Equal([true, true, false], plan.Values.Select(value => value.Sensitive));
    }

    [Fact]
    public void A_hash_does_not_depend_on_a_sensitive_argument()
    {
        string Hash(string secret) => GraphHash.Of(Planner.Of("var API_TOKEN = \"" + secret + "\"\nx: echo @file(API_TOKEN)").Good("x"));
        Assert.Equal(Hash("a"), Hash("b"));
    }

    [Fact]
    public void A_plan_that_was_stored_says_which_texts_it_did_not_keep()
    {
        var plan = Around(Planner.Of("""
            var S = @secret(SEC)
            var API_TOKEN = "abc"
            x: echo @var(API_TOKEN) @file(S) @env(AUTH, default = "d") @var(S) @env(HOME, default = "h")
            """)).Good("x");
        var read = PlanJson.Read(PlanJson.ToUtf8(plan));
        Assert.Equal([true, true, true, false, false], read.Values.Select(value => value.NotKept));
        Assert.Equal(PlanJson.ToUtf8(plan), PlanJson.ToUtf8(read));
    }

    [Fact]
    public void Why_a_value_with_a_sensitive_argument_is_not_there_does_not_quote_the_argument()
    {
        var errors = Planner.Of("var API_TOKEN = \"hunter2-hunter2\"\nx: echo @file(API_TOKEN)").Failing<FileExpression>(file => $"{file.Path} does not exist").Errors("x");
        Assert.Contains("LS1200 2: @file(API_TOKEN): it can't be had", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x: @cache(inputs = KEY_FILES) { echo }")]
    [InlineData("x: @cache(inputs = \"a\", outputs = KEY_FILES) { echo }")]
    public void A_glob_can_not_be_sensitive(string command)
    {
        var errors = Planner.Of("var KEY_FILES = \"*.pem\"\n" + command).Errors("x");
        Assert.StartsWith("LS1212 2: @cache can't take ", errors, StringComparison.Ordinal);
        Assert.Contains(" from KEY_FILES, which is sensitive: a plan keeps no sensitive text, so the step could not be resumed", errors, StringComparison.Ordinal);
    }

    private static Planner Around(Planner planner)
        => planner.With("SEC", Secret).With("API_TOKEN", Secret).With("SECRET_URL", "https://example.org/" + Secret)
            .Answering<FileExpression>(Secret).Answering<ShellExpression>(Secret).Answering<TimestampExpression>(Secret);

    private static string Everything(Plan plan)
    {
        var text = new StringWriter();
        text.Write(Planner.Print(plan));
        text.Write(Encoding.UTF8.GetString(PlanJson.ToUtf8(plan)));
        PlanHtml.Write(text, plan);
        PlanDot.Write(text, plan);
        PlanMermaid.Write(text, plan);
        return text.ToString();
    }
}
