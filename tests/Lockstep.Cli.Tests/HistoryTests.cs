using System.Runtime.CompilerServices;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Journal;

namespace Lockstep.Cli.Tests;

public sealed class HistoryTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("""
        good: {
          echo first
          echo second
        }
        bad: {
          echo before
          sh -c 'echo broken; exit 3'
        }

        """);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Runs_lists_the_newest_first_and_filters()
    {
        Assert.Equal("There are no such runs.\n", _scenario.Run("runs").Succeeded().Error);
        _scenario.Run("good").Succeeded();
        _scenario.Run("bad").Failed(3);
        var runs = _scenario.Run("runs", "--json").Succeeded().Json.GetProperty("runs");
        Assert.Equal(2, runs.GetArrayLength());
        Assert.Equal(["bad"], Commands("--status", "failed"));
        Assert.Equal(["good"], Commands("--command", "good"));
        Assert.Single(Commands("--limit", "1"));
        Assert.Equal(2, Commands("--since", "1h").Length);
        Assert.Matches("(?m)^run-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}  failed     bad ", _scenario.Run("runs").Succeeded().Out);

        string[] Commands(params string[] filter) => [.. _scenario.Run(["runs", "--json", .. filter]).Succeeded().Json.GetProperty("runs")
            .EnumerateArray().Select(run => run.GetProperty("command").GetString()!)];
    }

    [Fact]
    public void Show_tells_how_each_step_ended()
    {
        _scenario.Run("bad").Failed(3);
        var shown = _scenario.Run("show").Succeeded().Out;
        Assert.Contains("failed (exit code 3)", shown, StringComparison.Ordinal);
        Assert.Contains("├─ ✓ echo before", shown, StringComparison.Ordinal);
        Assert.Contains("└─ ✗ sh -c 'echo broken; exit 3'", shown, StringComparison.Ordinal);
        var json = _scenario.Run("show", "last", "--json").Succeeded().Json;
        Assert.Equal("bad/2", json.GetProperty("root_cause").GetString());
        Assert.Equal(["succeeded", "failed"], json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("status").GetString()));
    }

    [Fact]
    public void A_branch_that_was_not_needed_leaves_the_others_as_they_ended()
    {
        _scenario.Commands("""
            careful: @try {
              main: {
                echo main
                @retry(2) { true }
              }
              catch: echo caught
              finally: echo last
            }

            """);
        _scenario.Run("careful").Succeeded();
        var shown = _scenario.Run("show").Succeeded().Out;
        foreach (var line in new[] { "✓ @try", "✓ main:", "✓ @retry", "- catch:", "✓ finally:" }) Assert.Contains(line, shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_that_was_not_handled_shows_although_the_last_branch_ran()
    {
        _scenario.Commands("""
            careless: @try {
              main: false
              catch: false
              finally: true
            }

            """);
        _scenario.Run("careless").Failed(1);
        Assert.Contains("✗ @try", _scenario.Run("show").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Logs_prints_what_steps_printed()
    {
        _scenario.Run("good").Succeeded();
        Assert.Equal("==> good/1 <==\nfirst\n==> good/2 <==\nsecond\n", _scenario.Run("logs").Succeeded().Out);
        Assert.Equal("second\n", _scenario.Run("logs", "last", "good/2").Succeeded().Out);
        Assert.Equal("second\n", _scenario.Run("logs", "last", "2", "-f").Succeeded().Out);
        _scenario.Run("logs", "last", "nothing").Failed(4);
        Assert.Equal("first\n", _scenario.Run("logs", "last", "1", "--json").Json.GetProperty("logs")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Events_are_told_in_order()
    {
        _scenario.Run("good").Succeeded();
        var events = _scenario.Run("events", "--json").Succeeded().Json.GetProperty("events");
        Assert.Equal(
            ["execution:start", "step:start", "step:end", "step:start", "step:end", "execution:end"],
            events.EnumerateArray().Select(happened => happened.GetProperty("type").GetString()));
        Assert.Contains("start      good/1  $ echo first", _scenario.Run("events", "last").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_event_has_words()
    {
        var kinds = typeof(RunEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RunEvent)) && !type.IsAbstract).ToList();
        Assert.NotEmpty(kinds);
        foreach (var kind in kinds)
            Assert.NotEqual("", EventsCommand.Told((RunEvent)RuntimeHelpers.GetUninitializedObject(kind)).Word);
    }

    [Fact]
    public void A_unique_beginning_names_a_run_and_an_unknown_one_is_not_found()
    {
        var run = _scenario.Run("good", "--json").Succeeded().Json.GetProperty("run").GetString()!;
        Assert.Contains(run, _scenario.Run("show", run[..^2]).Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains("there is no run 'run-1999'", _scenario.Run("show", "run-1999").Failed(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_that_closes_early_is_no_error()
    {
        _scenario.Commands("much: seq 1 200000\n").Run("much").Succeeded();
        var ran = _scenario.Shell("lockstep logs | head -n 1").Succeeded();
        Assert.Equal("1\n", ran.Out);
        Assert.Equal("", ran.Error);
    }

    [Fact]
    public void Logs_as_json_hold_the_end_of_a_long_log_and_say_so()
    {
        _scenario.Commands("much: seq 1 200000\n").Run("much").Succeeded();
        var log = _scenario.Run("logs", "--json").Succeeded().Json.GetProperty("logs")[0];
        Assert.True(log.GetProperty("truncated").GetBoolean());
        Assert.Equal(1 << 20, log.GetProperty("text").GetString()!.Length);
        Assert.EndsWith("\n200000\n", log.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Logs_that_are_followed_are_no_document()
        => Assert.Equal(2, _scenario.Run("logs", "-f", "--json").Failed(2).Json.GetProperty("error").GetProperty("code").GetInt32());
}
