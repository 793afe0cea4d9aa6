using System.Runtime.Versioning;

namespace Lockstep.Cli.Tests.Stores;

public sealed class BrokenStoreTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("good: echo hello\n");

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData("runs")]
    [InlineData("show")]
    [InlineData("logs")]
    [InlineData("events")]
    public void A_file_in_the_stores_place_is_an_error_and_no_empty_history(string command)
    {
        File.WriteAllText(_scenario.Store, "");
        Assert.Equal($"""
            Error: history can't be read
              where: {_scenario.Store}
              why: it is a file, where history needs a folder
            Help: move it away, or set LOCKSTEP_HOME to another folder; lockstep doctor checks it

            """, _scenario.Run(command).Failed(1).Error);
        var error = _scenario.Run(command, "--json").Failed(1).Json.GetProperty("error");
        Assert.Equal(_scenario.Store, error.GetProperty("where").GetString());
    }

    [Fact]
    public void A_run_says_of_a_file_in_the_stores_place_what_every_command_says()
    {
        File.WriteAllText(_scenario.Store, "");
        Assert.Equal($"Warning: this run's history is not kept: {_scenario.Store} is a file, where history needs a folder; move it away, or set LOCKSTEP_HOME to another folder\n", _scenario.Run("good").Succeeded().Error);
        _scenario.Commands("pay: @effect(\"once\") { echo paid }\nheld: @lock(\"l\") { echo held }\n");
        Assert.Contains($"can't be kept: {_scenario.Store} is a file, where a folder is needed (", _scenario.Run("pay").Failed(1).Error, StringComparison.Ordinal);
        Assert.Contains($"can't keep locks: {_scenario.Store} is a file, where a folder is needed; see ", _scenario.Run("held").Failed(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_above_the_stores_place_is_named()
    {
        var file = Path.Combine(_scenario.Folder, "file");
        File.WriteAllText(file, "");
        var ran = _scenario.WithVariable("LOCKSTEP_HOME", Path.Combine(file, "some", "where")).Run("runs").Failed(1);
        Assert.Contains($"  where: {file}\n", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("show")]
    [InlineData("logs")]
    [InlineData("events")]
    public void What_is_no_database_is_an_error_that_says_so(string command)
    {
        Directory.CreateDirectory(_scenario.Store);
        var database = Path.Combine(_scenario.Store, "lockstep.db");
        File.WriteAllText(database, new string('x', 8192));
        Assert.Contains($"  where: {database}\n  why: it is damaged (file is not a database)\n", _scenario.Run(command).Failed(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_databases_place_is_an_error()
    {
        Directory.CreateDirectory(Path.Combine(_scenario.Store, "lockstep.db"));
        Assert.StartsWith("Error: history can't be read\n", _scenario.Run("runs").Failed(1).Error, StringComparison.Ordinal);
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void A_store_that_may_not_be_entered_is_an_error_and_no_empty_history()
    {
        _scenario.Run("good").Succeeded();
        WithoutRights(_scenario.Store, "runs");
        WithoutRights(Path.Combine(_scenario.Store, "logs"), "logs");
    }

    /// <summary>The administrator may enter any folder, so the right to do that is given up.</summary>
    [SupportedOSPlatform("linux")]
    private void WithoutRights(string folder, string command)
    {
        File.SetUnixFileMode(folder, UnixFileMode.None);
        try
        {
            string[] asAnybody = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
            var ran = _scenario.RunUnder(asAnybody, command).Failed(1);
            Assert.StartsWith($"Error: history can't be read\n  where: {folder}", ran.Error, StringComparison.Ordinal);
            Assert.Contains("give yourself read and write permission on it", ran.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
