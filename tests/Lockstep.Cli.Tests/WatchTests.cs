namespace Lockstep.Cli.Tests;

public sealed class WatchTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_detached_watch_is_listed_followed_and_stopped()
    {
        _scenario.Commands("watch dev: sh -c 'echo serving; exec sleep 1000'\n");
        var started = _scenario.Run("run", "dev", "--detach", "--json").Succeeded().Json;
        try
        {
            var listed = _scenario.Run("ps", "--json").Succeeded().Json.GetProperty("watches");
            var watch = Assert.Single(listed.EnumerateArray());
            Assert.Equal("dev", watch.GetProperty("name").GetString());
            Assert.Equal(started.GetProperty("run").GetString(), watch.GetProperty("run").GetString());
            Assert.Equal(started.GetProperty("pid").GetInt32(), watch.GetProperty("pid").GetInt32());
            Assert.Contains("dev", _scenario.Run("ps").Succeeded().Out, StringComparison.Ordinal);
        }
        finally
        {
            Assert.Equal("✓ dev stopped\n", _scenario.Run("stop", "dev").Succeeded().Error);
        }
        ReadsAsStopped(started.GetProperty("run").GetString()!);
        Assert.Equal("serving\n", _scenario.Run("logs", started.GetProperty("run").GetString()!).Succeeded().Out);
        Assert.Equal("No watch is running.\n", _scenario.Run("ps").Succeeded().Error);
        Assert.Contains("no watch 'dev'", _scenario.Run("stop", "dev").Failed(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detached_run_is_in_the_store_when_its_id_is_printed()
    {
        _scenario.Commands("brief: echo done\nlong: sh -c 'read line < go'\n");
        for (var i = 0; i < 5; i++)
        {
            var run = _scenario.Run("brief", "--detach").Succeeded().Out.TrimEnd('\n');
            Assert.Equal(run, _scenario.Run("show", run, "--json").Succeeded().Json.GetProperty("run").GetString());
        }
        var ran = _scenario.Shell("mkfifo go; id=$(lockstep long -d); lockstep runs --status running; echo $id; echo > go").Succeeded();
        var lines = ran.Out.TrimEnd('\n').Split('\n');
        Assert.StartsWith(lines[^1], lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_detached_run_whose_history_is_lost_says_so()
        => Assert.Contains("Warning: this run's history is not kept", _scenario.Commands("brief: true\n").WithVariable("LOCKSTEP_HOME", "/dev/null/store").Run("brief", "-d").Succeeded().Error, StringComparison.Ordinal);

    [Fact]
    public void A_watch_that_its_own_stop_ends_reads_as_stopped_too()
    {
        _scenario.Commands("watch dev: sh -c 'echo $$ > pid; exec sleep 1000'\nstop dev: sh -c 'kill $(cat pid)'\n");
        var run = _scenario.Run("run", "dev", "--detach").Succeeded().Out.TrimEnd();
        while (!_scenario.Exists("pid") || _scenario.Read("pid").Length == 0) Thread.Yield();
        _scenario.Run("stop", "dev").Succeeded();
        ReadsAsStopped(run);
    }

    [Fact]
    public void A_watch_in_the_foreground_that_is_stopped_ends_well_and_says_by_whom()
    {
        using var process = _scenario.Commands("watch dev: sh -c 'echo serving; exec sleep 1000'\n").Start("dev");
        process.StandardInput.Close();
        Assert.Equal("serving", process.StandardOutput.ReadLine());
        _scenario.Run("stop", "dev").Succeeded();
        Assert.Matches("^✓ dev was stopped by .+ with lockstep stop after [0-9.]+m?s\n$", Scenario.Wait(process).Succeeded().Error);
    }

    [Fact]
    public void A_round_that_fails_is_told_where_there_is_no_terminal_too()
    {
        using var process = _scenario.With("src/a", "").Commands("watch dev: @debounce(100ms, \"src/*\") {\n  echo looking\n  sh -c 'exit 4'\n}\n").Start("dev");
        process.StandardInput.Close();
        Assert.Equal("round 1 failed: exit code 4", process.StandardError.ReadLine());
        _scenario.With("src/a", "changed");
        Assert.Equal("round 2 failed: exit code 4", process.StandardError.ReadLine());
        _scenario.Run("stop", "dev").Succeeded();
        Scenario.Wait(process).Succeeded();
    }

    private void ReadsAsStopped(string run)
    {
        var shown = _scenario.Run("show", run, "--json").Succeeded().Json;
        Assert.Equal(("stopped", 0), (shown.GetProperty("status").GetString(), shown.GetProperty("exit_code").GetInt32()));
        Assert.EndsWith(" with lockstep stop", shown.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("stopped", Assert.Single(_scenario.Run("runs", "--status", "stopped", "--name", "dev").Succeeded().Out.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_runs_the_stop_of_the_file_first()
    {
        _scenario.Commands("watch dev: sleep 1000\nstop dev: echo stopping\n");
        _scenario.Run("run", "dev", "--detach").Succeeded();
        var ran = _scenario.Run("stop", "dev").Succeeded();
        Assert.Equal("stopping\n", ran.Out);
        Assert.Empty(_scenario.Run("ps", "--json").Json.GetProperty("watches").EnumerateArray());
    }

    [Fact]
    public void A_second_watch_of_one_name_is_refused_and_the_first_is_named()
    {
        _scenario.Commands("watch dev: sleep 1000\n");
        var run = _scenario.Run("run", "dev", "--detach", "--json").Succeeded().Json.GetProperty("run").GetString()!;
        try
        {
            Assert.Contains(run, _scenario.Run("dev").Failed(3).Error, StringComparison.Ordinal);
            Assert.Contains(run, _scenario.Run("run", "dev", "--detach").Failed(3).Error, StringComparison.Ordinal);
        }
        finally
        {
            _scenario.Run("stop", "dev").Succeeded();
        }
    }

    [Fact]
    public void A_watch_runs_where_the_store_cannot_be_written()
        => Assert.Equal("ran\n", _scenario.Commands("watch dev: echo ran\n").WithVariable("LOCKSTEP_HOME", "/dev/null/store").Run("dev").Succeeded().Out);

    [Fact]
    public void A_detached_run_that_cannot_begin_says_why_in_the_foreground()
    {
        var ran = _scenario.Commands("dev: echo @var(NOPE)\n").Run("run", "dev", "--detach").Failed(2);
        Assert.Contains("NOPE", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_as_json_is_a_document_also_when_the_stop_of_the_file_fails()
    {
        var ran = _scenario.Commands("watch dev: sleep 1000\nstop dev: sh -c 'exit 5'\n").Run("stop", "dev", "--json").Failed(5);
        Assert.Equal(5, ran.Json.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public void Stop_of_a_command_says_that_it_is_no_watch()
        => Assert.StartsWith("Error: echo2 is not a watch\n", _scenario.Commands("echo2: echo two\n").Run("stop", "echo2").Failed(4).Error, StringComparison.Ordinal);

    [Fact]
    public void A_detached_run_has_the_arguments_and_the_flags_of_the_one_that_was_asked_for()
    {
        _scenario.Commands("say(word): echo @var(word) > said\n");
        var ran = _scenario.Shell("mkfifo said; lockstep run say --word=hello --junit out.xml --detach && timeout 60 cat said").Succeeded();
        Assert.DoesNotContain("lockstep stop", ran.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nhello\n", ran.Out, StringComparison.Ordinal);
        Assert.True(_scenario.Exists("out.xml"));
    }
}
