using System.Runtime.CompilerServices;
using System.Text.Json;
using Lockstep.Cli.BuiltIns.History;
using Lockstep.Journal;

namespace Lockstep.Cli.Tests.Stores;

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
        Assert.Equal(["good"], Commands("--name", "good"));
        Assert.Single(Commands("--limit", "1"));
        Assert.Equal(2, Commands("--since", "1h").Length);
        Assert.Matches("(?m)^run-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}  failed     bad ", _scenario.Run("runs").Succeeded().Out);

        string[] Commands(params string[] filter) => [.. _scenario.Run(["runs", "--json", .. filter]).Succeeded().Json.GetProperty("runs")
            .EnumerateArray().Select(run => run.GetProperty("command").GetString()!)];
    }

    [Fact]
    public void Runs_says_where_and_here_lists_this_projects_alone()
    {
        _scenario.Run("good").Succeeded();
        _scenario.With("other/commands.cli", "elsewhere: true\n").With("other/deep/in/it/file", "").Run("-C", "other/deep/in", "elsewhere").Succeeded();
        Assert.Matches("elsewhere  .*  ~/project/other\n(?s:.*)good .*  ~/project\n", _scenario.Run("runs").Succeeded().Out);
        Assert.Equal(["good"], Commands("--here"));
        Assert.Equal(["elsewhere"], Commands("--here", "-C", "other/deep/in"));
        Assert.Empty(Commands("--here", "--status", "failed"));

        string[] Commands(params string[] filter) => [.. _scenario.Run(["runs", "--json", .. filter]).Succeeded().Json.GetProperty("runs")
            .EnumerateArray().Select(run => run.GetProperty("command").GetString()!)];
    }

    [Fact]
    public void A_long_folder_is_shortened_to_its_end()
    {
        _scenario.With("a-folder-with-a-long-name/another-folder-with-a-name/app/commands.cli", "build: true\n");
        _scenario.Run("-C", "a-folder-with-a-long-name/another-folder-with-a-name/app", "build").Succeeded();
        Assert.EndsWith("  …/another-folder-with-a-name/app\n", _scenario.Run("runs").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Last_is_this_projects_last_run_and_else_the_machines_which_is_told()
    {
        _scenario.Run("good").Succeeded();
        _scenario.With("other/commands.cli", "elsewhere: true\n").Run("-C", "other", "elsewhere").Succeeded();
        Assert.Equal("good", _scenario.Run("show", "--json").Succeeded().Json.GetProperty("command").GetString());
        Assert.Equal("elsewhere", _scenario.Run("-C", "other", "show", "last", "--json").Succeeded().Json.GetProperty("command").GetString());
        var third = _scenario.With("third/commands.cli", "none: true\n").Run("-C", "third", "show", "--json").Succeeded();
        Assert.Equal("elsewhere", third.Json.GetProperty("command").GetString());
        Assert.Equal($"Nothing has run in {_scenario.Project}/third yet; this is the newest run of the machine, in {_scenario.Project}/other\n", third.Error);
    }

    [Theory]
    [InlineData("--limit", "0")]
    [InlineData("--limit", "-3")]
    [InlineData("--status", "well")]
    [InlineData("--since", "yesterday")]
    [InlineData("--since", "2026-13-01")]
    public void A_filter_that_makes_no_sense_is_a_usage_error_that_names_it(string flag, string value)
        => Assert.Contains($"{flag} is '{value}'", _scenario.Run("runs", flag, value).Failed(2).Error, StringComparison.Ordinal);

    [Fact]
    public void Since_takes_an_age_or_a_date_in_UTC()
    {
        _scenario.Run("good").Succeeded();
        foreach (var when in new[] { "2h", "1d", "2020-01-01", "2020-01-01T10:00", "2020-01-01 10:00:00", "2020-01-01T10:00:00+02:00" }) Assert.Equal(1, Count(when));
        foreach (var when in new[] { "9000-01-01", "9000-01-01T10:00Z" }) Assert.Equal(0, Count(when));

        int Count(string when) => _scenario.Run("runs", "--json", "--since", when).Succeeded().Json.GetProperty("runs").GetArrayLength();
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
        Assert.Equal(["succeeded", "failed", "failed"], json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("status").GetString()));
    }

    [Fact]
    public void Show_as_json_has_every_step_of_the_plan_with_how_it_stands_and_why()
    {
        _scenario.Commands("""
            w: {
              @retry(2, delay = 1ms) {
                sh -c 'exit 3'
                echo inside
              }
              @when(ENV) {
                prod: echo prod
                else: {
                  echo other
                }
              }
              @try {
                main: echo main
                catch: echo caught
              }
            }

            """).WithVariable("ENV", "dev").Run("w").Failed(3);
        var steps = _scenario.Run("show", "--json").Succeeded().Json.GetProperty("steps").EnumerateArray().Select(step =>
            $"{step.GetProperty("step").GetString()} {step.GetProperty("status").GetString()}{(step.TryGetProperty("reason", out var reason) ? $": {reason.GetString()}" : "")}");
        Assert.Equal("""
            w/retry/1 failed: exit code 3
            w/retry/2 skipped: w/retry/1 did not succeed
            w/retry failed: w/retry/1: exit code 3
            w/when skipped: w/retry did not succeed
            w/try skipped: w/retry did not succeed
            w failed
            w/retry/sequence failed
            w/when/prod/1 skipped: w/retry did not succeed
            w/when/else/1 skipped: w/retry did not succeed
            w/try/main/1 skipped: w/retry did not succeed
            w/try/catch/1 skipped: w/retry did not succeed
            """, string.Join('\n', steps));
    }

    [Fact]
    public void A_step_whose_turn_never_came_is_told_as_not_started()
    {
        _scenario.Commands("w: {\n  @effect(\"once\") { kill -9 $PPID }\n  echo after\n}\n").Run("w").Failed(137);
        var step = _scenario.Run("show", "--json").Succeeded().Json.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("step").GetString() == "w/1");
        Assert.Equal(("not-started", "its turn has not come yet"), (step.GetProperty("status").GetString(), step.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("--api_token=hunter2")]
    public void A_secret_that_the_command_does_not_use_is_kept_nowhere(string argument)
    {
        _scenario.Commands("deploy(env, api_token = \"\"): echo to @var(env)\n").Run("deploy", "prod", argument).Succeeded();
        Assert.Equal(["prod", argument.Replace("hunter2", "<redacted>", StringComparison.Ordinal)], _scenario.Run("show", "--json").Succeeded().Json.GetProperty("arguments").EnumerateArray().Select(one => one.GetString()!));
        Assert.DoesNotContain("hunter2", _scenario.Run("events", "--json").Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("", _scenario.Shell("grep -rl hunter2 \"$LOCKSTEP_HOME\"; true").Out);
    }

    [Theory]
    [InlineData("test -f ok || { touch ok; exit 1; }", "succeeded")]
    [InlineData("exit 1", "failed")]
    public void A_retry_that_is_over_shows_how_it_ended(string command, string expected)
    {
        _scenario.Commands($"flaky: @retry(2) {{ sh -c '{command}' }}\n").Run("flaky");
        var steps = _scenario.Run("show", "--json").Succeeded().Json.GetProperty("steps").EnumerateArray();
        Assert.Equal(expected, steps.Single(step => step.GetProperty("step").GetString() == "flaky/retry").GetProperty("status").GetString());
    }

    [Fact]
    public void A_retry_that_was_interrupted_before_its_next_attempt_does_not_wait_any_more()
    {
        _scenario.Commands("flaky: @retry(2, delay = 1h) { sh -c 'echo ready; exit 1' }\n");
        using (var process = _scenario.Start("flaky"))
        {
            process.StandardInput.Close();
            while (!_scenario.Run("events").Out.Contains("retry ", StringComparison.Ordinal)) Assert.False(process.HasExited);
            Assert.Equal(0, Signals.Interrupt(process.Id));
            Scenario.Wait(process).Failed(130);
        }
        var step = _scenario.Run("show", "--json").Succeeded().Json.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("step").GetString() == "flaky/retry");
        Assert.Equal("failed", step.GetProperty("status").GetString());
        Assert.Contains("✗ @retry", _scenario.Run("show").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_of_history_have_one_form_for_times_durations_and_attempts()
    {
        _scenario.Commands("flaky: {\n  echo once\n  @retry(2, delay = 1ms) { sh -c 'echo x; test -f ok || { touch ok; exit 1; }' }\n}\n").Run("flaky").Succeeded();
        foreach (var command in new[] { "runs", "show", "logs", "events" })
            foreach (var (name, value) in Members(_scenario.Run(command, "--json").Succeeded().Json))
                switch (name)
                {
                    case "at" or "due" or "started_at" or "ended_at":
                        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", value.GetString());
                        break;
                    case "attempt":
                        Assert.Matches("^[12]$", value.GetString());
                        break;
                    default:
                        if (name.EndsWith("_ms", StringComparison.Ordinal)) Assert.Equal(Math.Round(value.GetDouble(), 3), value.GetDouble());
                        else Assert.DoesNotMatch(@"^\d{4}-\d\d-\d\dT", value.ToString());
                        break;
                }

        static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Members(member.Value).Prepend((member.Name, member.Value))).Where(member => member.Item2.ValueKind is JsonValueKind.String or JsonValueKind.Number),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Members),
            _ => [],
        };
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
    public void Following_shows_each_step_once_while_the_run_goes_on()
    {
        _scenario.Commands("t: {\n  sh -c 'read word < one; echo $word'\n  sh -c 'read word < two; echo $word'\n}\n");
        var ran = _scenario.Shell("""
            mkfifo one two
            lockstep run t --detach > run
            lockstep logs last -f > followed &
            echo first > one
            echo second > two
            wait
            cat followed
            """).Succeeded();
        Assert.Equal("==> t/1 <==\nfirst\n==> t/2 <==\nsecond\n", ran.Out);
    }

    [Fact]
    public void Logs_that_are_followed_are_no_document()
        => Assert.Equal(2, _scenario.Run("logs", "-f", "--json").Failed(2).Json.GetProperty("error").GetProperty("code").GetInt32());
}
