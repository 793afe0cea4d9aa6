
namespace Lockstep.Cli.Tests.Stores;

public sealed class UpkeepTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("""
        good: {
          echo first
          echo second
        }
        bad: sh -c 'echo broken; exit 3'

        """);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Verify_says_what_it_checked_and_ends_with_1_where_it_finds_damage()
    {
        _scenario.Run("good").Succeeded();
        _scenario.Run("bad").Failed(3);
        Assert.Matches("^Checked 2 runs, [0-9]+ events, 3 logs: all are as they were written.\n$", _scenario.Run("verify").Succeeded().Error);
        Assert.True(_scenario.Run("verify", "last", "--json").Succeeded().Json.GetProperty("whole").GetBoolean());

        File.Delete(Directory.GetFiles(_scenario.Store, "good~1.log", SearchOption.AllDirectories).Single());
        var found = _scenario.Run("verify").Failed(1);
        Assert.Matches("^(run-[-0-9a-f]+): the log of good/1 in \\1 is missing, though it printed 6 bytes\n$", found.Out);
        Assert.Contains("1 run is damaged", found.Error, StringComparison.Ordinal);
        var json = _scenario.Run("verify", "--json").Failed(1).Json;
        Assert.Equal((false, 1), (json.GetProperty("whole").GetBoolean(), json.GetProperty("damaged_runs").GetArrayLength()));
        _scenario.Run("verify", "last").Succeeded();
    }

    [Fact]
    public void Verify_says_how_far_it_is_on_a_terminal_and_leaves_nothing_of_that_behind()
    {
        _scenario.Run("good").Succeeded();
        var drawn = _scenario.RunOnTerminal(80, 24, "verify").Succeeded().Out;
        Assert.StartsWith("\r\e[KChecking the database …\r\e[KChecked 0 of 1 run …", drawn, StringComparison.Ordinal);
        Assert.Matches("…\r\e\\[KChecked 1 run, [0-9]+ events, 2 logs: all are as they were written.\r\n$", drawn);
        Assert.DoesNotContain('…', _scenario.RunOnTerminal(80, 24, "verify", "--quiet").Succeeded().Out);
        Assert.True(_scenario.Run("verify", "--json").Succeeded().Json.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void Prune_wants_to_know_what_may_go_and_says_what_went()
    {
        for (var i = 0; i < 3; i++) _scenario.Run("good").Succeeded();
        Assert.Equal("Error: prune needs to know what may go\nUse: lockstep prune --older-than 30d\n", _scenario.Run("prune").Failed(2).Error);
        Assert.StartsWith("Error: --older-than is 'old', which is neither", _scenario.Run("prune", "--older-than", "old").Failed(2).Error, StringComparison.Ordinal);
        Assert.StartsWith("Removed 0 runs", _scenario.Run("prune", "--older-than", "30d").Succeeded().Out, StringComparison.Ordinal);
        Assert.Matches("^Would remove 2 runs, [0-9]+ events, 4 logs, 0 kept results.\n$", _scenario.Run("prune", "--keep", "1", "--dry-run").Succeeded().Out);
        var json = _scenario.Run("prune", "--keep", "1", "--json").Succeeded().Json;
        Assert.Equal((2, 4, 0), (json.GetProperty("runs").GetInt32(), json.GetProperty("logs").GetInt32(), json.GetProperty("plans").GetInt32()));
        Assert.Equal(1, _scenario.Run("runs", "--json").Succeeded().Json.GetProperty("runs").GetArrayLength());
        _scenario.Run("verify").Succeeded();
    }

    [Fact]
    public void Prune_removes_kept_outputs_by_their_last_use()
    {
        _scenario.Commands("made: @cache(inputs = \"in\", outputs = \"out\") { cp in out }\n").With("in", "x");
        _scenario.Run("made").Succeeded();
        Assert.Equal(0, _scenario.Run("prune", "--older-than", "1h", "--json").Succeeded().Json.GetProperty("outputs").GetInt32());
        foreach (var entry in Directory.GetFiles(Path.Combine(_scenario.Store, "cache", "outputs", "entries"))) File.SetLastWriteTimeUtc(entry, DateTime.UnixEpoch);
        Assert.Equal(1, _scenario.Run("prune", "--older-than", "1h", "--json").Succeeded().Json.GetProperty("outputs").GetInt32());
        Assert.Empty(Directory.GetFiles(Path.Combine(_scenario.Store, "cache", "outputs", "entries")));
    }

    [Fact]
    public void Clean_says_what_it_removed()
    {
        _scenario.Run("good").Succeeded();
        Assert.Equal("Nothing was left over.\n", _scenario.Run("clean").Succeeded().Error);
        var draft = Path.Combine(_scenario.Store, "lockstep.db.99999999-1.new");
        File.WriteAllText(draft, "");
        Assert.Equal($"removed {draft}: a draft that nobody finished\n", _scenario.Run("clean").Succeeded().Out);
        Assert.False(File.Exists(draft));
    }

    [Fact]
    public void A_bundle_is_shown_anywhere_and_imported_once()
    {
        _scenario.Run("bad").Failed(3);
        var exported = _scenario.Run("export", "-o", "bug.zip").Succeeded();
        Assert.Equal(Path.Combine(_scenario.Project, "bug.zip") + "\n", exported.Out);
        var events = _scenario.Run("events", "last", "--json").Succeeded().Out;

        _scenario.WithVariable("LOCKSTEP_HOME", Path.Combine(_scenario.Folder, "elsewhere"));
        Assert.Equal("bad", _scenario.Run("show", "bug.zip", "--json").Succeeded().Json.GetProperty("command").GetString());
        Assert.Equal("broken\n", _scenario.Run("logs", "bug.zip").Succeeded().Out);
        Assert.Equal(events, _scenario.Run("events", "bug.zip", "--json").Succeeded().Out);
        _scenario.Run("verify", "bug.zip").Succeeded();
        Assert.False(Directory.Exists(Path.Combine(_scenario.Folder, "elsewhere")));

        Assert.True(_scenario.Run("import-run", "bug.zip", "--json").Succeeded().Json.GetProperty("imported").GetBoolean());
        Assert.Contains("is in this history already", _scenario.Run("import-run", "bug.zip").Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal(events, _scenario.Run("events", "last", "--json").Succeeded().Out);
    }

    [Fact]
    public void What_can_be_no_bundle_and_one_that_was_cut_off_are_told_apart()
    {
        _scenario.With("bug.zip", "steps").Commands("go: true\n").Run("go").Succeeded();
        Assert.EndsWith("  why: it is no bundle\nHelp: name a file that lockstep export wrote\n", _scenario.Run("import-run", "bug.zip").Failed(1).Error, StringComparison.Ordinal);
        _scenario.Run("export", "last", "-o", "bug.zip").Succeeded();
        var path = Path.Combine(_scenario.Project, "bug.zip");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        Assert.Contains("  why: it is damaged or cut off: it can't be unpacked\nHelp: export the run again", _scenario.Run("import-run", "bug.zip").Failed(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_bundle_or_a_damaged_one_is_refused_with_its_file()
    {
        _scenario.Run("good").Succeeded();
        _scenario.Run("export", "last", "-o", "bug.zip").Succeeded();
        var path = Path.Combine(_scenario.Project, "bug.zip");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.StartsWith($"Error: the bundle can't be imported\n  where: {path}\n  why: ", _scenario.Run("import-run", "bug.zip").Failed(1).Error, StringComparison.Ordinal);
        Assert.StartsWith($"Error: the bundle can't be read\n  where: {path}\n  why: ", _scenario.Run("show", "bug.zip").Failed(1).Error, StringComparison.Ordinal);
        _scenario.Run("import-run", "none.zip").Failed(4);
    }
}
