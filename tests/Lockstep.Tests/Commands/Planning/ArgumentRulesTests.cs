using Lockstep.Commands.Decorators;
using Lockstep.Plans;
using Registry = Lockstep.Commands.Decorators.Decorators;

namespace Lockstep.Tests.Commands.Planning;

public sealed class ArgumentRulesTests
{
    [Fact]
    public void No_decorator_waits_longer_than_a_timer_can()
        => Assert.All(
            from decorator in Registry.All
            from parameter in decorator.Parameters
            where parameter.Type is ParameterType.Duration && parameter.Name != "ttl"
            select parameter,
            parameter => Assert.NotNull(parameter.Rule!(new DurationArgument(TimeSpan.FromDays(25), "600h"))));

    [Fact]
    public void No_decorator_takes_a_duration_below_zero()
        => Assert.All(
            from decorator in Registry.All
            from parameter in decorator.Parameters
            where parameter.Type is ParameterType.Duration
            select parameter,
            parameter => Assert.NotNull(parameter.Rule?.Invoke(new DurationArgument(TimeSpan.FromTicks(-1), "-100ns"))));

    [Theory]
    [InlineData("@retry(3, -5s) { make }", "LS1109 1: @retry: delay must be zero or longer, not -5s")]
    [InlineData("@retry(3, \"-5s\") { make }", "LS1109 1: @retry: delay must be zero or longer, not -5s")]
    [InlineData("@retry(3, maxDelay = \"-1us\") { make }", "LS1109 1: @retry: maxDelay must be zero or longer, not -1us")]
    [InlineData("echo @http(\"http://localhost/\", ttl = \"-1h\")", "LS1109 1: @http: ttl must be zero or longer, not -1h")]
    [InlineData("@timeout(\"-5s\") { make }", "LS1109 1: @timeout: duration must be longer than zero, not -5s")]
    [InlineData("@lock(\"a\", timeout = \"-5s\") { make }", "LS1109 1: @lock: timeout must be longer than zero, not -5s")]
    public void A_duration_below_zero_is_refused_where_it_is_written(string body, string error)
        => Assert.StartsWith(error, Planner.Of($"x: {body}").Errors("x"));

    [Fact]
    public void A_duration_below_zero_is_refused_where_it_comes_from_outside()
    {
        const string Text = "watch w(wait = 1s): @debounce(wait, \"*.c\") { make }\nvar D = @env(D)\nx: @retry(2, D) { make }";
        Assert.StartsWith("LS1211 3: @retry: delay must be zero or longer, not -2s", Planner.Of(Text).With("D", "-2s").Errors("x"));
        Assert.Contains("@debounce: delay must be zero or longer, not -2s", Planner.Brief(Planner.Of(Text).Plan(PlanMode.Watch, "w", "--wait=-2s").Diagnostics));
    }

    [Theory]
    [InlineData("576h", "")]
    [InlineData("577h", "LS1211 2: @timeout: duration must be 24 days (576h) or less, not 577h, which is the value of WAIT | write a duration, such as 30s, 5m or 1h30m")]
    public void A_wait_from_the_environment_is_limited_too(string wait, string errors)
        => Assert.Equal(errors, Planner.Of("var WAIT = @env(WAIT)\nx: @timeout(WAIT) { make }").With("WAIT", wait).Errors("x"));

    [Theory]
    [InlineData("%Y-%m-%d")]
    [InlineData("%Y")]
    [InlineData("yyyy 'open")]
    [InlineData("N")]
    public void A_timestamp_takes_dates_of_dotnet_only(string format)
        => Assert.StartsWith("LS1109 1: @timestamp: format must be a .NET date format", Planner.Of($"x: echo @timestamp(\"{format}\")").Errors("x"));

    [Theory]
    [InlineData("%d")]
    [InlineData("yyyyMMdd-HHmmss")]
    public void A_timestamp_takes_any_date_format_of_dotnet(string format)
        => Assert.Equal("", Planner.Of($"x: echo @timestamp(\"{format}\")").Errors("x"));
}
