using Lockstep.Expressions;
using Lockstep.Plans.Nodes;

namespace Lockstep.Tests.Commands.Planning;

public sealed class ValuesTests
{
    [Fact]
    public void A_value_is_held_once_however_often_it_is_used()
    {
        var plan = Planner.Of("""
            var A = "a"
            x: {
              echo @var(A) @env(B, "b")
              echo @env(B, "b") @var(A)
            }
            """).Good("x");
        Assert.Equal(["A", "B"], plan.Values.Select(value => value.Name));
        Assert.Equal([1, 2], plan.Values.Select(value => value.Marker));
    }

    [Fact]
    public void Values_of_a_branch_that_was_not_chosen_are_numbered_last_and_not_asked_for()
    {
        var planner = Planner.Of("""
            x: {
              @when(STAGE) {
                production: echo @env(HOST) @file("motd")
                default: echo @env(USER)
              }
              echo @env(HOME)
            }
            """).With("USER", "ada").With("HOME", "/home/ada");
        var plan = planner.Good("x");
        Assert.Equal([("USER", 1), ("HOME", 2), ("HOST", 3), ("@file(motd)", 4)], plan.Values.OrderBy(value => value.Marker).Select(value => (value.Name, value.Marker)));
        Assert.DoesNotContain(planner.Asked, asked => asked is FileExpression or EnvironmentExpression { Key: "HOST" });
    }

    [Fact]
    public void What_a_branch_that_was_not_chosen_lacks_is_no_error_until_it_is_chosen()
    {
        const string text = """
            var HOST = @env(HOST)
            var URL = @env(URL)
            var VERSION = @http(URL)
            var WAIT = @env(WAIT)
            x: @when(STAGE) {
              production: @timeout(WAIT) { ./deploy.sh @var(HOST) @var(VERSION) }
              default: ./deploy.sh
            }
            """;
        Assert.Equal("", Planner.Of(text).Errors("x"));
        Assert.Equal(
            ["LS1200 1: @env(HOST)", "LS1200 2: @env(URL)", "LS1200 4: @env(WAIT)"],
            Planner.Of(text).With("STAGE", "production").Errors("x").Split('\n').Select(line => line[..line.IndexOf(')', StringComparison.Ordinal)] + ")"));
    }

    [Fact]
    public void An_escaped_at_sign_is_an_at_sign_in_every_string()
    {
        var planner = Planner.Of("""
            var A = "\@var(X)"
            x: {
              @log("\@var(X)")
              echo @var(A) @file("\@var(X)") \@var(X) "\@var(X)"
            }
            """);
        Assert.Equal("", planner.Errors("x"));
        Assert.Equal("x:\n├─ @log(\"@var(X)\")\n└─ echo '@var(X)'¹ @file(@var(X))² @var(X) \"@var(X)\"\n", planner.Tree("x").Split("\n\n")[0] + "\n");
    }

    [Fact]
    public void A_variable_that_nothing_reaches_is_not_asked_for()
    {
        var planner = Planner.Of("var A = @env(A)\nvar B = @sh(\"date\")\nx: echo");
        Assert.Empty(planner.Good("x").Values);
        Assert.Empty(planner.Asked);
    }

    [Fact]
    public void Each_use_of_a_uuid_is_another_one_and_a_variable_is_one()
    {
        var plan = Planner.Of("var ID = @uuid()\nx: echo @uuid() @uuid() @var(ID) @var(ID)").Answering<UuidExpression>("u").Good("x");
        Assert.Equal(["@uuid()", "@uuid()", "ID"], plan.Values.Select(value => value.Name));
        Assert.Equal(3, plan.Values.Select(value => value.Expression).Distinct().Count());
    }

    [Fact]
    public void A_variable_may_be_set_from_others_and_they_may_stand_below_it()
    {
        var plan = Planner.Of("var V = @http(URL, path = WHERE)\nvar URL = \"https://example.com/v\"\nvar WHERE = \"a.b\"\nx: echo @var(V)").Good("x");
        var value = Assert.Single(plan.Values);
        Assert.Equal("V", value.Name);
        Assert.Equal(new HttpExpression("https://example.com/v", "URL", "a.b", TimeSpan.Zero, TimeSpan.FromSeconds(10)), value.Expression);
    }

    [Fact]
    public void A_chain_of_variables_may_be_as_long_as_a_file()
    {
        var lines = Enumerable.Range(0, 20_000).Select(i => $"var V{i} = @var(V{i + 1})").Append("var V20000 = \"end\"").Append("x: echo @var(V0)");
        Assert.Equal("x:\n└─ echo end¹\n   {¹V0=end}\n", Planner.Of(string.Join('\n', lines)).Tree("x"));
    }

    [Theory]
    [InlineData("@env(NPM_TOKEN)")]
    [InlineData("@env(\"AUTHOR\")")]
    [InlineData("@secret(X)")]
    public void What_is_secret_by_name_or_by_kind_is_sensitive(string use)
        => Assert.True(Assert.Single(Planner.Of($"x: echo {use}").With("NPM_TOKEN", "t").With("AUTHOR", "a").With("X", "x").Good("x").Values).Sensitive);

    [Fact]
    public void A_value_passed_for_a_secret_parameter_becomes_sensitive()
    {
        var plan = Planner.Of("""
            var PIN = "1234"
            login(password): ./login.sh @var(password)
            x: {
              @cmd(login, PIN)
              @cmd(login, "hunter2")
            }
            """).Good("x");
        Assert.All(plan.Values, value => Assert.True(value.Sensitive));
        Assert.Equal("password = <redacted>", Assert.Single(plan.Steps().OfType<CallNode>().Last().Arguments));
    }

    [Fact]
    public void Values_stand_as_text_in_messages_and_as_the_shell_reads_them_elsewhere()
    {
        var plan = Planner.Of("var A = \"a\"\nx: {\n  @log(\"is @var(A)\")\n  echo \"@var(A)\" @raw(A) @var(A)\n}").Good("x");
        Assert.Equal(
            [Quoting.Text, Quoting.DoubleQuoted, Quoting.Raw, Quoting.Bare],
            plan.Steps().SelectMany(Pieces).OfType<ValueUse>().Select(use => use.Quoting));

        static IEnumerable<TemplatePiece> Pieces(Lockstep.Plans.PlanNode node) => node switch
        {
            LogNode log => log.Message.Pieces,
            ShellNode shell => shell.Text.Pieces,
            _ => [],
        };
    }

    [Fact]
    public void An_argument_from_outside_is_checked_when_its_value_is_known()
    {
        var planner = Planner.Of("var WAIT = @env(WAIT)\nx: @timeout(WAIT) { make }");
        Assert.Equal(TimeSpan.FromMinutes(2), planner.With("WAIT", "2m").Good("x").Steps().OfType<TimeoutNode>().Single().Duration);

        var planned = planner.With("WAIT", "abc").Plan("x");
        Assert.False(planned.IsUsable);
        Assert.Equal("x:\n└─ @timeout(<error: 'abc' is not a duration>)\n   └─ make\n", Planner.Print(planned.Plan!));
    }

    [Fact]
    public void A_static_argument_can_not_come_from_a_value_known_later()
        => Assert.StartsWith("LS1209", Planner.Of("var N = @sh(\"nproc\")\nx: @parallel(concurrency = N) { make }").Errors("x"), StringComparison.Ordinal);
}
