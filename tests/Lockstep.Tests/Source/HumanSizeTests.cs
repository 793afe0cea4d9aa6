using FsCheck;
using FsCheck.Fluent;
using Lockstep.Source;

namespace Lockstep.Tests.Source;

public sealed class HumanSizeTests
{
    [Theory]
    [InlineData("0B", 0)]
    [InlineData("1B", 1)]
    [InlineData("512KB", 512_000)]
    [InlineData("512KiB", 524_288)]
    [InlineData("512MB", 512_000_000)]
    [InlineData("512MiB", 536_870_912)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("3TB", 3_000_000_000_000)]
    [InlineData("1TiB", 1_099_511_627_776)]
    public void A_size_in_its_shortest_form_is_written_as_it_was_read(string text, long bytes)
    {
        Assert.True(HumanSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
        Assert.Equal(text, HumanSize.Format(bytes));
    }

    [Theory]
    [InlineData("1.5GiB", "1536MiB")]
    [InlineData("0.5GB", "500MB")]
    [InlineData("1000MB", "1GB")]
    [InlineData("1024KiB", "1MiB")]
    [InlineData("512mb", "512MB")]
    [InlineData("512kb", "512KB")]
    [InlineData("1.9B", "1B")]
    public void Other_forms_are_understood(string text, string shortest)
    {
        Assert.True(HumanSize.TryParse(text, out var bytes));
        Assert.Equal(shortest, HumanSize.Format(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("512")]
    [InlineData("MB")]
    [InlineData("-1MB")]
    [InlineData("+1MB")]
    [InlineData("1 MB")]
    [InlineData("1M")]
    [InlineData("1Mi")]
    [InlineData("1..5MB")]
    [InlineData("1e3MB")]
    [InlineData("1MB2")]
    [InlineData("9223373TB")]
    [InlineData("99999999999999999999999999999999MB")]
    public void What_is_no_size_is_not_read(string text) => Assert.False(HumanSize.TryParse(text, out _));

    [Fact]
    public void Every_size_is_read_as_it_was_written()
        => Prop.ForAll<long>(number =>
        {
            var bytes = number & long.MaxValue;
            Assert.True(HumanSize.TryParse(HumanSize.Format(bytes), out var read));
            Assert.Equal(bytes, read);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_either_a_size_that_can_be_written_again_or_none()
        => Prop.ForAll(
            Gen.Elements("", " ", "-", ".", "0", "7", "12", "999999999", "B", "K", "Ki", "MB", "mib", "GiB", "TB", "e3", "\0", "٣", "𝟘").ListOf().Select(string.Concat).ToArbitrary(),
            text =>
            {
                if (!HumanSize.TryParse(text, out var bytes)) return;
                Assert.True(bytes >= 0);
                Assert.True(HumanSize.TryParse(HumanSize.Format(bytes), out var again));
                Assert.Equal(bytes, again);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_largest_size_is_read_as_it_was_written()
    {
        Assert.True(HumanSize.TryParse(HumanSize.Format(long.MaxValue), out var most));
        Assert.Equal(long.MaxValue, most);
    }
}
