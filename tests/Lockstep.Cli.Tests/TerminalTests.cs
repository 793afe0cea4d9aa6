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
        var ran = _scenario.Commands("ci: {\n  sh -c 'sleep 0.3; echo first'\n  sh -c 'sleep 0.3; echo second'\n}\n").RunOnTerminal(80, 24, "ci").Succeeded();
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

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
