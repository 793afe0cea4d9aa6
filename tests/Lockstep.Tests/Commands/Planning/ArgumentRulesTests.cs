using Lockstep.Commands.Decorators;
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
