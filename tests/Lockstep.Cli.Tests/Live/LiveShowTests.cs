using System.Text;
using Lockstep.Cli.Terminal;

namespace Lockstep.Cli.Tests.Live;

public sealed class LiveShowTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("ci: {\n  sh -c 'echo half way; read line < go'\n  echo last\n}\n").WithVariable("TERM", "xterm");

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_run_of_another_process_is_watched_until_it_ends()
    {
        var run = Begin();
        using var shown = _scenario.StartOnTerminal(80, 24, "show");
        var drawn = ReadTo(shown.StandardOutput, text => text.Contains("│    half way", StringComparison.Ordinal));
        Assert.Matches(@"ci: \d+s  0/2\r\n", Plain(drawn));
        GoOn();
        var rest = Scenario.Wait(shown).Succeeded().Out;
        Assert.Contains("✓ echo last", TextWidth.Printable(rest), StringComparison.Ordinal);
        Assert.Contains($"{run}  succeeded\r\n", Plain(rest), StringComparison.Ordinal);
        Assert.Equal(Count(drawn + rest, "\e[?25l"), Count(drawn + rest, "\e[?25h"));
    }

    [Fact]
    public void Whoever_has_seen_enough_leaves_the_run_alone()
    {
        var run = Begin();
        using var shown = _scenario.StartOnTerminal(80, 24, "show", run);
        var drawn = ReadTo(shown.StandardOutput, text => text.Contains("half way", StringComparison.Ordinal));
        shown.StandardInput.Write('\u0003');
        shown.StandardInput.Flush();
        var ended = Scenario.Wait(shown).Succeeded();
        Assert.Contains($"{run}  running\r\n", Plain(ended.Out), StringComparison.Ordinal);
        Assert.Equal(Count(drawn + ended.Out, "\e[?25l"), Count(drawn + ended.Out, "\e[?25h"));
        GoOn();
        _scenario.Run("logs", run, "-f").Succeeded();
        Assert.Contains("succeeded", _scenario.Run("show", run).Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_a_terminal_and_without_colour_the_state_of_the_moment_is_printed()
    {
        var run = Begin();
        Assert.Contains($"{run}  running", _scenario.Run("show").Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains($"{run}  running", Plain(_scenario.WithVariable("NO_COLOR", "1").RunOnTerminal(80, 24, "show").Succeeded().Out), StringComparison.Ordinal);
        GoOn();
        _scenario.Run("logs", run, "-f").Succeeded();
    }

    private string Begin()
    {
        _scenario.Shell("mkfifo go").Succeeded();
        return _scenario.Run("run", "--detach", "ci").Succeeded().Out.Trim();
    }

    private void GoOn() => File.WriteAllText(Path.Combine(_scenario.Project, "go"), "go\n");

    private static string ReadTo(StreamReader output, Func<string, bool> isEnough)
    {
        var text = new StringBuilder();
        while (!isEnough(Plain(text.ToString())))
            text.Append((char)(output.Read() is >= 0 and var next ? next : throw new InvalidOperationException($"it ended with: {text}")));
        return text.ToString();
    }

    private static string Plain(string drawn) => TextWidth.Printable(drawn.Replace("\r\n", "\u2028", StringComparison.Ordinal)).Replace("\u2028", "\r\n", StringComparison.Ordinal);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
