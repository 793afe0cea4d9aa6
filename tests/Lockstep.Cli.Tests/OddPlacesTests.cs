namespace Lockstep.Cli.Tests;

/// <summary>What is told where the surroundings, or a step around others, are not as they should be.</summary>
public sealed class OddPlacesTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Where_history_has_no_place_a_command_runs_all_the_same()
    {
        _scenario.Commands("hi: echo hi\n").WithVariable("LOCKSTEP_HOME", "").WithVariable("HOME", "nowhere");
        var ran = _scenario.Run("hi").Succeeded();
        Assert.Equal("hi\n", ran.Out);
        Assert.Contains("history has no place", ran.Error, StringComparison.Ordinal);
        Assert.Contains("set LOCKSTEP_HOME", _scenario.Run("runs").Failed(1).Error, StringComparison.Ordinal);
        Assert.Contains("set LOCKSTEP_HOME", _scenario.Run("ps").Failed(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_annotation_names_the_file_from_the_root_of_what_was_checked_out()
    {
        var ran = _scenario.Commands("go: sh -c 'exit 3'\n").WithVariable("GITHUB_ACTIONS", "true").WithVariable("GITHUB_WORKSPACE", _scenario.Folder).Run("go").Failed(3);
        Assert.Contains("::error file=project/commands.cli,line=1", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told_with_its_place()
    {
        var ran = _scenario.Commands("go: {\n  echo one\n  @workdir(\"nope\") { echo two }\n}\n").Run("go").Failed(1);
        Assert.Contains("✗ go/workdir (commands.cli:3:3)", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_that_is_not_free_is_told_with_its_name_and_holder()
    {
        _scenario.Commands("go: @lock(\"db\", timeout = 100ms) { echo two }\nhold: @lock(\"db\") { cat }\n");
        using var holder = _scenario.Start("hold", "--events=jsonl");
        while (holder.StandardOutput.ReadLine() is { } line && !line.Contains("step:start", StringComparison.Ordinal)) { }
        var ran = _scenario.Run("go").Failed(124);
        holder.StandardInput.Close();
        Scenario.Wait(holder);
        Assert.Contains("waits for the lock 'db', held by run-", ran.Error, StringComparison.Ordinal);
        Assert.Contains("the lock 'db' was not free within 100ms; it is held by run-", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help", "lockstep --help")]
    [InlineData("version", "lockstep --version")]
    [InlineData("list", "lockstep")]
    public void A_word_that_is_a_flag_here_is_answered_with_the_flag(string word, string use)
        => Assert.EndsWith($"Use: {use}\n", _scenario.Commands("hi: echo hi\n").Run(word).Failed(4).Error, StringComparison.Ordinal);

    [Fact]
    public void A_short_flag_stands_once_in_help()
        => Assert.Single(_scenario.Run("logs", "--help").Succeeded().Out.Split('\n'), line => line.Contains("-f,", StringComparison.Ordinal));

    [Fact]
    public void Logs_begin_on_a_line_of_their_own()
    {
        _scenario.Commands("go: {\n  printf one\n  echo two\n}\n").Run("go").Succeeded();
        Assert.Equal("==> go/1 <==\none\n==> go/2 <==\ntwo\n", _scenario.Run("logs").Succeeded().Out);
    }
}
