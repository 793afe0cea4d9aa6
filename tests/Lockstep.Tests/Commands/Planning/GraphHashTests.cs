using Lockstep.Plans;
using Lockstep.Plans.Json;

namespace Lockstep.Tests.Commands.Planning;

public sealed class GraphHashTests
{
    private const string Limit = """
        var LIMIT = @env(LIMIT)
        x: @timeout(LIMIT) { make }
        """;

    private const string Branches = """
        var LIMIT = @env(LIMIT, default = 5s)
        x: @when(STAGE) {
          prod: @timeout(LIMIT) { make }
          default: make
        }
        """;

    private const string Everything = """
        var A = @env(A)
        var PAGE = @http("http://localhost/", path = A)
        var ORIGIN = @env(ORIGIN)
        x: echo @dns(A) @file(A) @sh(A) @http(ORIGIN) @var(PAGE) @env(UNSET, default = A)
        """;

    [Theory]
    [InlineData("5s", "6s")]
    [InlineData("1h", "30s")]
    public void What_a_parameter_from_the_environment_came_to_does_not_change_it(string one, string other)
        => Assert.Equal(HashOf(Limit, ("LIMIT", one)), HashOf(Limit, ("LIMIT", other)));

    [Theory]
    [InlineData("@env(LIMITS)")]
    [InlineData("@env(LIMIT, default = 1s)")]
    [InlineData("@file(\"LIMIT\")")]
    public void How_such_a_parameter_is_come_by_changes_it(string instead)
        => Assert.NotEqual(
            HashOf(Limit, ("LIMIT", "5s")),
            HashOf(Limit.Replace("@env(LIMIT)", instead, StringComparison.Ordinal), ("LIMIT", "5s"), ("LIMITS", "5s")));

    [Fact]
    public void A_literal_that_a_variable_holds_is_still_a_static_parameter()
        => Assert.NotEqual(HashOf("var D = 5s\nx: @timeout(D) { make }"), HashOf("var D = 6s\nx: @timeout(D) { make }"));

    [Theory]
    [InlineData("var FLAGS = \"-v\"\nx: make @raw(FLAGS)")]
    [InlineData("x(FLAGS = \"-v\"): make @raw(FLAGS)")]
    [InlineData("y(FLAGS): make @raw(FLAGS)\nx: @cmd(y, FLAGS = \"-v\")")]
    [InlineData("var FLAGS = \"-v\"\ny(F): make @raw(F)\nx: @cmd(y, FLAGS)")]
    public void A_literal_that_is_inserted_as_code_is_part_of_the_command(string text)
        => Assert.NotEqual(HashOf(text), HashOf(text.Replace("-v", "-v; rm -rf x", StringComparison.Ordinal)));

    [Fact]
    public void What_the_environment_inserts_as_code_does_not_change_it()
        => Assert.Equal(
            HashOf("var FLAGS = @env(FLAGS)\nx: make @raw(FLAGS)", ("FLAGS", "-v")),
            HashOf("var FLAGS = @env(FLAGS)\nx: make @raw(FLAGS)", ("FLAGS", "-q")));

    [Fact]
    public void The_branch_that_is_chosen_does_not_change_it()
        => Assert.Equal(HashOf(Branches, ("STAGE", "prod"), ("LIMIT", "7s")), HashOf(Branches, ("STAGE", "x"), ("LIMIT", "7s")));

    [Fact]
    public void What_the_arguments_of_values_came_to_does_not_change_it()
        => Assert.Equal(
            HashOf(Everything, ("A", "a"), ("ORIGIN", "http://a/")),
            HashOf(Everything, ("A", "b"), ("ORIGIN", "http://b/")));

    [Fact]
    public void How_the_arguments_of_values_are_come_by_changes_it()
        => Assert.NotEqual(
            HashOf(Everything, ("A", "a"), ("ORIGIN", "http://a/")),
            HashOf(Everything.Replace("@env(ORIGIN)", "@env(ORIGIN, allowEmpty = true)", StringComparison.Ordinal), ("A", "a"), ("ORIGIN", "http://a/")));

    [Fact]
    public void A_step_keeps_where_its_parameters_came_from_when_it_is_written_and_read()
    {
        var plan = Planner.Of("""
            var D = @env(D)
            var N = @env(N)
            var YES = @env(YES)
            x: @retry(N, D, exponentialBackoff = YES, maxDelay = D, jitter = YES) { @workdir("a", createIfNotExists = YES) { @confirm("?", YES) { make } } }
            """).With("D", "5s").With("N", "4").With("YES", "true").Good("x");
        var again = PlanJson.Read(PlanJson.ToUtf8(plan));
        Assert.Equal(
            ["attempts", "delay", "exponential", "max_delay", "jitter", "create_if_not_exists", "default_yes"],
            again.Steps().SelectMany(step => step.References).Select(reference => reference.Field));
        Assert.Equal("D = @env(key=\"D\")", again.Steps().SelectMany(step => step.References).First(reference => reference.Field == "delay").Origin);
        Assert.Equal(GraphHash.Of(plan), GraphHash.Of(again));
    }

    private static string HashOf(string text, params (string Key, string Value)[] environment)
    {
        var planner = Planner.Of(text);
        foreach (var (key, value) in environment) planner.With(key, value);
        planner.Answering<Lockstep.Expressions.FileExpression>("5s");
        return GraphHash.Of(planner.Good("x"));
    }
}
