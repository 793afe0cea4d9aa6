using Lockstep.Journal;
using Lockstep.Sqlite;

namespace Lockstep.Tests.Sqlite;

public sealed class StoreFolderTests
{
    [Theory]
    [InlineData("/srv/lockstep", "/state", "/home/ann", "/srv/lockstep")]
    [InlineData("", "/state", "/home/ann", "/state/lockstep")]
    [InlineData(null, "relative", "/home/ann", "/home/ann/.local/state/lockstep")]
    [InlineData(null, null, "/home/ann", "/home/ann/.local/state/lockstep")]
    public void The_first_variable_that_is_set_names_the_folder(string? own, string? state, string? home, string expected)
        => Assert.Equal(expected, StoreFolder.Locate(name => name switch
        {
            "LOCKSTEP_HOME" => own,
            "XDG_STATE_HOME" => state,
            "HOME" => home,
            _ => null,
        }));

    [Fact]
    public void A_relative_LOCKSTEP_HOME_is_seen_from_the_working_directory()
        => Assert.Equal(Path.GetFullPath("history"), StoreFolder.Locate(name => name == "LOCKSTEP_HOME" ? "history" : null));

    [Fact]
    public void A_home_that_is_no_absolute_path_is_refused_with_a_way_out()
    {
        var refusal = Assert.Throws<JournalException>(() => StoreFolder.Locate(name => name == "HOME" ? "here" : null));

        Assert.EndsWith("set LOCKSTEP_HOME", refusal.Message, StringComparison.Ordinal);
    }
}
