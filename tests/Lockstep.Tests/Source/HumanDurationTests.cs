using FsCheck;
using FsCheck.Fluent;
using Lockstep.Source;

namespace Lockstep.Tests.Source;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData("0s")]
    [InlineData("500ms")]
    [InlineData("30s")]
    [InlineData("5m")]
    [InlineData("1h30m")]
    [InlineData("24h")]
    [InlineData("1s500ms")]
    [InlineData("100ns")]
    [InlineData("1us100ns")]
    [InlineData("-5m")]
    public void A_duration_in_its_shortest_form_is_written_as_it_was_read(string text)
    {
        Assert.True(HumanDuration.TryParse(text, out var duration));
        Assert.Equal(text, HumanDuration.Format(duration));
    }

    [Theory]
    [InlineData("90s", "1m30s")]
    [InlineData("1.5s", "1s500ms")]
    [InlineData("30m1h", "1h30m")]
    [InlineData("150ns", "100ns")]
    public void Other_forms_are_understood(string text, string shortest)
    {
        Assert.True(HumanDuration.TryParse(text, out var duration));
        Assert.Equal(shortest, HumanDuration.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5 m")]
    [InlineData("5d")]
    [InlineData("1..5s")]
    [InlineData("99999999999999999999h")]
    [InlineData("abc")]
    public void What_is_no_duration_is_not_read(string text) => Assert.False(HumanDuration.TryParse(text, out _));

    [Fact]
    public void Every_duration_is_read_as_it_was_written()
        => Prop.ForAll<TimeSpan>(duration =>
        {
            Assert.True(HumanDuration.TryParse(HumanDuration.Format(duration), out var read));
            Assert.Equal(duration, read);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_longest_durations_are_read_as_they_were_written()
    {
        Assert.True(HumanDuration.TryParse(HumanDuration.Format(TimeSpan.MaxValue), out var longest));
        Assert.Equal(TimeSpan.MaxValue, longest);
        Assert.StartsWith("-", HumanDuration.Format(TimeSpan.MinValue), StringComparison.Ordinal);
    }
}
