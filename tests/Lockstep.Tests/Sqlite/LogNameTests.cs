using FsCheck;
using FsCheck.Fluent;
using Lockstep.Sqlite;
using Lockstep.Sqlite.Logs;

namespace Lockstep.Tests.Sqlite;

public sealed class LogNameTests
{
    [Theory]
    [InlineData("deploy/parallel/2", "", "deploy~parallel~2.log")]
    [InlineData("deploy/parallel/2", "2.1", "deploy~parallel~2@2.1.log")]
    [InlineData("..", "", "%2E..log")]
    [InlineData("a~b", "", "a%7Eb.log")]
    [InlineData("ü x", "", "%C3%BC%20x.log")]
    [InlineData("", "", "%.log")]
    public void A_log_is_named_after_its_step_and_attempt(string step, string attempt, string expected)
        => Assert.Equal(expected, LogName.Of(new(step), attempt));

    [Fact]
    public void Long_ids_that_differ_only_at_the_end_have_different_short_names()
    {
        var one = LogName.Of(new(new string('a', 5000) + "1"), "1.1");
        var other = LogName.Of(new(new string('a', 5000) + "2"), "1.1");

        Assert.NotEqual(one, other);
        Assert.InRange(one.Length, 1, 255);
    }

    [Fact]
    public void Any_id_gives_a_name_of_its_own_that_stays_in_its_folder()
        => Prop.ForAll<NonNull<string>, NonNull<string>>((one, other) =>
        {
            var name = LogName.Encode(one.Get);
            Assert.True(name.Length is > 0 and <= 180 && name[0] != '.' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_.~%".Contains(letter)));
            if (one.Get != other.Get && IsWellFormed(one.Get) && IsWellFormed(other.Get)) Assert.NotEqual(name, LogName.Encode(other.Get));
        }).QuickCheckThrowOnFailure();

    // What is not text has no UTF-8 of its own.
    private static bool IsWellFormed(string text) => !text.Any(char.IsSurrogate);
}
