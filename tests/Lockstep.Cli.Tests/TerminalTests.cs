using System.Text;
using Lockstep.Cli.Terminal;

namespace Lockstep.Cli.Tests;

public sealed class TerminalTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_plan_with_one_step_runs_on_the_terminal_itself()
    {
        var ran = _scenario.Commands("tty: test -t 1 && echo yes\n").RunOnTerminal(80, 24, "tty").Succeeded();
        Assert.Equal("yes\r\n", ran.Out);
    }

    [Fact]
    public void A_run_of_several_steps_ends_with_a_summary_and_the_cursor_back()
    {
        _scenario.Commands("ci: {\n  sh -c 'read line < one; echo first'\n  sh -c 'read line < two; echo second'\n}\n").Shell("mkfifo one two").Succeeded();
        using var process = _scenario.StartOnTerminal(80, 24, "ci");
        var drawn = "";
        foreach (var pipe in new[] { "one", "two" })
        {
            // In three frames, a tenth of a second apart, so that it is slow enough to be told.
            drawn += ReadTo(process.StandardOutput, text => Frames(text, $" sh -c 'read line < {pipe}") >= 3);
            File.WriteAllText(Path.Combine(_scenario.Project, pipe), "go\n");
        }
        var ran = Scenario.Wait(process).Succeeded();
        ran = ran with { Out = drawn + ran.Out };
        Assert.Contains("first\r\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("second\r\n", ran.Out, StringComparison.Ordinal);
        Assert.Contains("ci succeeded after", ran.Out, StringComparison.Ordinal);
        Assert.Contains("slowest:", ran.Out, StringComparison.Ordinal);
        Assert.Equal(Count(ran.Out, "\e[?25l"), Count(ran.Out, "\e[?25h"));
        Assert.True(Count(ran.Out, "\e[?25l") > 0);
    }

    [Fact]
    public void With_NO_COLOR_a_terminal_gets_plain_lines()
        => Assert.Equal("one\r\ntwo\r\n", _scenario.Commands("ci: {\n  echo one\n  echo two\n}\n").WithVariable("NO_COLOR", "1").RunOnTerminal(80, 24, "ci").Succeeded().Out);

    [Fact]
    public void A_terminal_that_is_closed_ends_the_run_and_finally_runs()
    {
        _scenario.Commands("""
            serve: @try {
              main: {
                echo started > started
                read line < go
                echo more
                echo never > never
              }
              finally: echo cleaned > cleaned
            }

            """).WithVariable("TERM", "xterm");
        var ran = _scenario.Shell($"""
            mkfifo started go code
            script -qec "trap : HUP; {Scenario.CommandLine} serve; echo \$? > code" /dev/null > drawn &
            cat started
            kill -9 $!
            echo go > go
            timeout 60 cat code
            """).Succeeded();
        Assert.Equal("started\n130\n", ran.Out);
        Assert.True(_scenario.Exists("cleaned"));
        Assert.False(_scenario.Exists("never"));
    }

    [Fact]
    public void A_question_that_is_cancelled_ends_the_run_at_once_and_leaves_the_terminal_as_it_was()
    {
        _scenario.Commands("drop: @timeout(100ms) { @confirm(\"Drop it?\") { echo dropped } }\nask: @confirm(\"Sure?\") { echo dropped }\n").WithVariable("TERM", "xterm");
        using var process = _scenario.StartUnder(["script", "-qec", $"trap : INT; stty -a > before; {Scenario.CommandLine} drop; echo $?; {Scenario.CommandLine} ask; echo $?; stty -a > after", "/dev/null"]);
        var drawn = ReadTo(process.StandardOutput, text => text.EndsWith("Sure? [y/N] ", StringComparison.Ordinal));
        Assert.Contains("Drop it? [y/N] \r\n✗ drop/timeout", Plain(drawn), StringComparison.Ordinal);
        Assert.Contains("\r\n124\r\n", drawn, StringComparison.Ordinal);
        process.StandardInput.Write('\u0003');
        process.StandardInput.Flush();
        drawn += process.StandardOutput.ReadToEnd();
        Assert.Contains("\r\n130\r\n", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[?1h", drawn, StringComparison.Ordinal);
        Assert.Equal(_scenario.Read("before"), _scenario.Read("after"));
    }

    [Fact]
    public void A_step_whose_output_goes_into_a_pipe_gets_the_terminal_when_it_reads_it()
    {
        _scenario.Commands("ask: {\n  echo ready\n  read -r one; echo \"got <$one>\"\n  sh -c 'stty -echo; read -r two; echo \"got <$two>\"'\n}\n");
        using var process = _scenario.StartUnder(["script", "-qec", $"stty -a > before; {Scenario.CommandLine} ask | cat; stty -a > after; read -r end; echo \"end <$end>\"", "/dev/null"]);
        process.StandardInput.Write("first\n");
        process.StandardInput.Flush();
        var shown = ReadTo(process.StandardOutput, text => text.Contains("got <first>", StringComparison.Ordinal));
        process.StandardInput.Write("second\n");
        process.StandardInput.Flush();
        shown += ReadTo(process.StandardOutput, text => text.Contains("got <second>", StringComparison.Ordinal));
        process.StandardInput.Write("third\n");
        process.StandardInput.Flush();
        shown += process.StandardOutput.ReadToEnd();
        Assert.Contains("end <third>", shown, StringComparison.Ordinal);
        Assert.Equal(_scenario.Read("before"), _scenario.Read("after"));
    }

    [Fact]
    public void What_is_typed_while_a_step_does_not_read_is_left_to_who_reads_its_output()
    {
        _scenario.Commands("talk: echo said; read -r never < go\n").Shell("mkfifo go").Succeeded();
        using var process = _scenario.StartUnder(["script", "-qec", $"{Scenario.CommandLine} talk | sh -c 'read -r said; read -r key < /dev/tty; echo \"key <$key> $said\"; echo end > go'", "/dev/null"]);
        process.StandardInput.Write("typed\n");
        process.StandardInput.Flush();
        Assert.Contains("key <typed> said", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_interrupt_key_on_a_terminal_that_a_step_was_lent_ends_the_run_as_interrupted()
    {
        _scenario.Commands("ask: echo ready; read -r one; sh -c 'echo waits; read -r never'\n");
        using var process = _scenario.StartUnder(["bash", "-c", "exec script -qec \"$0\" /dev/null", $"trap : INT; {{ {Scenario.CommandLine} ask; echo code $?; }} | cat"]);
        process.StandardInput.Write("first\n");
        process.StandardInput.Flush();
        var shown = ReadTo(process.StandardOutput, text => text.Contains("waits", StringComparison.Ordinal));
        process.StandardInput.Write('\u0003');
        process.StandardInput.Flush();
        shown += process.StandardOutput.ReadToEnd();
        Assert.Contains("code 130", shown, StringComparison.Ordinal);
    }

    private static string ReadTo(StreamReader output, Func<string, bool> isEnough)
    {
        var text = new StringBuilder();
        while (!isEnough(Plain(text.ToString())))
            text.Append((char)(output.Read() is >= 0 and var next ? next : throw new InvalidOperationException($"it ended with: {text}")));
        return text.ToString();
    }

    /// <summary>In how many states of the spinner a step was shown.</summary>
    private static int Frames(string drawn, string step)
        => "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".Count(spinner => drawn.Contains($"{spinner}{step}", StringComparison.Ordinal));

    private static string Plain(string drawn) => TextWidth.Printable(drawn.Replace("\r\n", "\u2028", StringComparison.Ordinal)).Replace("\u2028", "\r\n", StringComparison.Ordinal);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
