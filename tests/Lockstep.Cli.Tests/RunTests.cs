using System.Globalization;

namespace Lockstep.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_successful_run_prints_only_what_the_commands_print()
    {
        var ran = _scenario.Commands("build: {\n  echo one\n  echo two >&2\n  printf three\n}\n").Run("build").Succeeded();
        Assert.Equal("one\nthree", ran.Out);
        Assert.Equal("two\n", ran.Error);
    }

    [Fact]
    public void A_run_in_which_no_branch_matched_says_that_nothing_ran_and_which_value_it_saw()
    {
        var ran = _scenario.Commands("deploy(env): @when(env) {\n  prod: echo out\n}\n").Run("deploy", "test").Succeeded();
        Assert.Equal("", ran.Out);
        Assert.Equal("Nothing ran: env=test matches no pattern, and there is no default\n", ran.Error);
    }

    [Fact]
    public void A_durability_that_there_is_not_is_an_error_of_use()
    {
        var ran = _scenario.Commands("a: echo ran\n").WithVariable("LOCKSTEP_DURABILITY", "fully").Run("a");
        Assert.Equal((2, ""), (ran.ExitCode, ran.Out));
        Assert.StartsWith("Error: the environment variable LOCKSTEP_DURABILITY must be normal or full, not 'fully'\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_a_lone_step_pass_through_unchanged()
    {
        var bytes = _scenario.Commands("raw: printf '\\000\\377\\033[1mx\\r\\n'\n").Shell("lockstep raw | od -An -tx1").Succeeded();
        Assert.Equal("00ff1b5b316d780d0a", bytes.Out.Replace(" ", "", StringComparison.Ordinal).Trim());
    }

    [Fact]
    public void Standard_input_goes_to_the_step_that_reads_it()
        => Assert.Equal("hello\n", _scenario.Commands("copy: cat\n").RunWithInput("hello\n", "copy").Succeeded().Out);

    [Theory]
    [InlineData("deploy prod v1.2")]
    [InlineData("deploy --env=prod --tag v1.2")]
    [InlineData("run deploy --tag v1.2 prod")]
    [InlineData("deploy -- prod v1.2")]
    [InlineData("--verbose deploy prod v1.2")]
    public void Arguments_go_by_position_and_by_name(string line)
        => Assert.Equal("prod v1.2\n", _scenario.Commands("deploy(env = \"staging\", tag): echo @var(env) @var(tag)\n").Run(line.Split(' ')).Succeeded().Out);

    [Fact]
    public void After_two_dashes_everything_is_for_the_command()
        => Assert.Equal("--dry-run\n", _scenario.Commands("say(text): echo @var(text)\n").Run("say", "--", "--dry-run").Succeeded().Out);

    [Fact]
    public void Run_reaches_a_command_that_is_named_like_a_built_in()
    {
        _scenario.Commands("plan: echo mine\n");
        Assert.Equal("mine\n", _scenario.Run("run", "plan").Succeeded().Out);
    }

    [Fact]
    public void The_exit_code_is_the_failing_commands_own()
        => _scenario.Commands("bad: exit 7\n").Run("bad").Failed(7);

    [Fact]
    public void A_failed_run_says_what_where_and_how_to_look_closer()
    {
        var ran = _scenario.Commands("ci: {\n  echo working\n  sh -c 'echo broken >&2; exit 3'\n  echo never\n}\n").Run("ci").Failed(3);
        Assert.Equal("working\n", ran.Out);
        Assert.Equal("""
            broken
            ✗ ci/2 (commands.cli:3:3)
              $ sh -c 'echo broken >&2; exit 3'
              exit code 3 (after TIME)
            Error: ci failed after TIME (exit code 3)
            Look closer: lockstep show RUN; its output: lockstep logs RUN ci/2

            """, ran.Steady);
    }

    [Fact]
    public void Steps_beside_each_other_print_whole_labelled_lines()
    {
        var ran = _scenario.Commands("""
            all: @parallel {
              sh -c 'printf "a1\na"; read line < printed; printf "2\na3"'
              @cmd(lint)
            }
            lint: {
              echo l1
              echo l2 >&2
              echo > printed
            }

            """).Shell("mkfifo printed; lockstep all").Succeeded();
        Assert.Equal(["lint | l1", "sh | a1", "sh | a2", "sh | a3"], ran.Out.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal("lint | l2\n", ran.Error);
    }

    [Fact]
    public void Branches_with_the_same_words_are_numbered()
    {
        var ran = _scenario.Commands("all: @parallel(concurrency = 2) {\n  echo same\n  echo same\n}\n").Run("all").Succeeded();
        Assert.Equal(["echo same #1 | same", "echo same #2 | same"], ran.Out.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Failures_beside_each_other_are_grouped_with_the_end_of_their_output()
    {
        var ran = _scenario.Commands($$"""
            all: @parallel(mode = "all") {
              sh -c 'echo first; exit 4'
              sh -c 'until "$0" "$@" events | grep -q "ended .*exit code 4"; do :; done; echo second; exit 5' {{Scenario.CommandLine}}
            }

            """).Run("all").Failed(4);
        Assert.Contains("  | first\n  exit code 4 (after TIME)", ran.Steady, StringComparison.Ordinal);
        Assert.Contains("  | second\n  exit code 5 (after TIME)", ran.Steady, StringComparison.Ordinal);
        Assert.Contains("root cause\n  $ sh -c 'echo first; exit 4'", ran.Steady, StringComparison.Ordinal);
        Assert.True(ran.Error.IndexOf("exit code 5 (after", StringComparison.Ordinal) < ran.Error.IndexOf("exit code 4 (after", StringComparison.Ordinal), ran.Error);
    }

    [Fact]
    public void A_time_out_names_the_step_that_took_too_long()
    {
        var ran = _scenario.Commands("slow: @timeout(100ms) {\n    sleep 1000\n}\n").Run("slow").Failed(124);
        Assert.Contains("$ sleep 1000\n  timed out after TIME\nError: slow timed out after TIME (exit code 124)\n", ran.Steady, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_echoes_commands_to_standard_error()
    {
        var ran = _scenario.Commands("build: echo built\n").Run("build", "-v").Succeeded();
        Assert.Equal("built\n", ran.Out);
        Assert.Equal("$ echo built\n", ran.Error);
    }

    [Fact]
    public void Verbose_says_what_is_skipped_and_why()
    {
        _scenario.Commands("build: @cache(inputs = \"in\", outputs = \"out\") { cp in out }\n").With("in", "text").Run("build").Succeeded();
        var ran = _scenario.Run("build", "-v").Succeeded();
        Assert.StartsWith("- build/cache skipped: ", ran.Error, StringComparison.Ordinal);
        Assert.Equal("", _scenario.Run("build").Succeeded().Error);
    }

    [Fact]
    public void A_confirmation_that_nobody_can_answer_refuses_and_never_hangs()
    {
        var ran = _scenario.Commands("drop: @confirm(\"Drop it?\") { echo dropped }\n").Run("drop").Failed(3);
        Assert.Contains("--yes", ran.Error, StringComparison.Ordinal);
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public void Yes_confirms()
    {
        _scenario.Commands("drop: @confirm(\"Drop it?\") {\n  echo dropped\n}\n");
        Assert.Equal("dropped\n", _scenario.Run("drop", "--yes").Succeeded().Out);
        Assert.Equal("dropped\n", _scenario.WithVariable("LOCKSTEP_YES", "1").Run("drop").Succeeded().Out);
    }

    [Fact]
    public void With_interactive_always_the_answer_is_read_from_standard_input()
    {
        _scenario.Commands("drop: @confirm(\"Drop it?\") {\n  echo dropped\n}\n");
        var ran = _scenario.RunWithInput("perhaps\ny\n", "drop", "--interactive=always").Succeeded();
        Assert.Equal("Drop it? [y/N] Please answer y or n.\nDrop it? [y/N] ", ran.Error);
        _scenario.RunWithInput("n\n", "drop", "--interactive=always").Failed(3);
    }

    [Fact]
    public void What_follows_the_answer_is_left_for_the_steps()
        => Assert.Equal("for the step\n", _scenario.Commands("drop: @confirm(\"Drop it?\") { cat }\n").RunWithInput("y\nfor the step\n", "drop", "--interactive=always").Succeeded().Out);

    [Fact]
    public void The_run_as_json_leaves_standard_output_to_the_document()
    {
        var ran = _scenario.Commands("ci: {\n  echo fine\n  false\n}\n").Run("ci", "--json").Failed(1);
        Assert.Equal("failed", ran.Json.GetProperty("outcome").GetString());
        Assert.Equal("ci/2", ran.Json.GetProperty("root_cause").GetString());
        Assert.Equal(2, ran.Json.GetProperty("steps").GetArrayLength());
        Assert.StartsWith("fine\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Expect_runs_the_plan_with_that_hash_and_refuses_another()
    {
        _scenario.Commands("build: echo built\n");
        var hash = _scenario.Run("build", "--dry-run", "--json").Succeeded().Json.GetProperty("graph_hash").GetString()!;
        Assert.Equal("built\n", _scenario.Run("build", "--expect", hash).Succeeded().Out);
        var ran = _scenario.Run("build", "--expect", "0123456789abcdef").Failed(3);
        Assert.Contains(hash, ran.Error, StringComparison.Ordinal);
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public void When_the_reader_of_the_output_goes_the_run_ends_quietly()
    {
        var ran = _scenario.Commands("forever: while :; do echo line; done\n").Shell("lockstep forever | head -n 2").Succeeded();
        Assert.Equal("line\nline\n", ran.Out);
        Assert.Equal("", ran.Error);
    }

    [Theory]
    [InlineData("lockstep bad", 7, 130)]
    [InlineData("lockstep bad 2>&1", 7, 130)]
    [InlineData("lockstep bad -v 2>&1", 7, 130)]
    [InlineData("lockstep bad --json 2>&1", 7, 130)]
    [InlineData("lockstep silent 2>&1", 7)]
    [InlineData("lockstep missing 2>&1", 4)]
    [InlineData("lockstep forever", 130)]
    [InlineData("lockstep silent --json", 7)]
    [InlineData("lockstep runs", 0)]
    public void A_reader_that_goes_hides_no_failure(string line, params int[] expected)
    {
        _scenario.Commands("bad: sh -c 'echo out; echo error >&2; exit 7'\nsilent: exit 7\nforever: while :; do echo line; done\n").Run("silent").Failed(7);
        var code = _scenario.Shell($"mkfifo code gone; {{ cat gone; {line}; echo $? > code; }} | {{ exec <&-; echo > gone; }} & cat code; wait").Out;
        Assert.Contains(int.Parse(code, CultureInfo.InvariantCulture), expected);
    }

    [Fact]
    public void Ctrl_C_ends_the_run_with_130_and_runs_finally()
    {
        _scenario.Commands("""
            serve: @try {
              main: sh -c 'echo ready; sleep 1000'
              finally: echo cleaned
            }

            """);
        using var process = _scenario.Start("serve");
        process.StandardInput.Close();
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Assert.Equal(0, Signals.Interrupt(process.Id));
        var ran = Scenario.Wait(process);
        Assert.Equal("cleaned\n", ran.Out);
        ran.Failed(130);
        Assert.Contains("serve was interrupted by Ctrl-C after", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_cannot_be_written_is_a_warning_and_not_a_failure()
    {
        File.WriteAllText(Path.Combine(_scenario.Folder, "file"), "");
        var ran = _scenario.Commands("build: echo built\n").WithVariable("LOCKSTEP_HOME", Path.Combine(_scenario.Folder, "file", "store")).Run("build").Succeeded();
        Assert.Equal("built\n", ran.Out);
        Assert.Contains("Warning: this run's history is not kept", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_under_the_output_is_one_clear_error_and_finally_runs()
    {
        _scenario.Commands("hello: @try {\n  main: echo hello\n  finally: echo cleaned > cleaned\n}\n");
        var ran = _scenario.Shell("lockstep hello > /dev/full").Failed(1);
        Assert.StartsWith("Error: standard output can't be written: No space left on device\n", ran.Error, StringComparison.Ordinal);
        Assert.True(_scenario.Exists("cleaned"));
        _scenario.Shell("lockstep hello 2> /dev/full").Succeeded();
        _scenario.Shell("lockstep nothing 2> /dev/full").Failed(4);
    }
}
