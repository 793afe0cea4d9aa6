using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

/// <summary><c>script</c> gives the dummy a terminal, the dummy gives one to its child: what is typed passes both.</summary>
public sealed class TerminalTests
{
    [Fact]
    public void A_process_sees_a_terminal_on_all_three_streams_that_take_it() => ProcessLoop.Run(async loop =>
    {
        var ended = await loop.End(Shells.Sh("test -t 0; echo $?; test -t 1 && test -t 2 && echo two; echo x >/dev/tty; exit 5") with { Terminal = true });
        Assert.Equal("1\r\ntwo\r\nx\r\n", ended.Output);
        Assert.Equal(5, ended.Exit.Code);
        return 0;
    });

    [Fact]
    public void Large_output_of_a_terminal_arrives_whole() => ProcessLoop.Run(async loop =>
    {
        var ended = await loop.End(Shells.Sh("stty -opost </dev/tty; head -c 3000000 /dev/zero; printf end") with { Terminal = true });
        Assert.Equal(3_000_003, ended.Output.Length);
        Assert.EndsWith("end", ended.Output, StringComparison.Ordinal);
        return 0;
    });

    [Fact]
    public void A_daemon_that_holds_the_terminal_does_not_hang_us() => ProcessLoop.Run(async loop =>
    {
        var ended = await loop.End(Shells.Sh("trap '' HUP; setsid sleep 3 & echo done") with { Terminal = true });
        Assert.Equal("done\r\n", ended.Output);
        return 0;
    });

    [Fact]
    public void It_has_the_size_of_ours()
    {
        var typescript = Typed("", "stty rows 33 cols 77; DUMMY", "stty size");
        Assert.Contains("33 77", typescript, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_resized_with_ours()
    {
        // Another process resizes our terminal once the script is ready for it.
        var typescript = Typed("", "(read x <GO; stty cols 50) </dev/tty & DUMMY", "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.1; done");
        Assert.Contains(" 50", typescript, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_typed_goes_to_it()
    {
        var typescript = Typed("hello\n", "DUMMY", "echo ready; read x; echo \"got <$x>\"");
        Assert.Contains("got <hello>", typescript, StringComparison.Ordinal);
    }

    [Fact]
    public void The_interrupt_key_interrupts_it_and_is_told()
    {
        var typescript = Typed("\u0003", "DUMMY; echo code $?", "trap 'echo int; exit 9' INT; echo ready; while :; do sleep 0.1; done");
        Assert.Contains("int", typescript, StringComparison.Ordinal);
        Assert.Contains("interrupted", typescript, StringComparison.Ordinal);
        Assert.Contains("code 9", typescript, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_terminal_is_as_it_was_afterwards()
    {
        var lines = Typed("", "echo; stty -g; DUMMY; stty -g", "kill -9 $$").Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var modes = lines.Where(line => line.Count(c => c == ':') > 10).ToArray();
        Assert.Equal(2, modes.Length);
        Assert.Equal(modes[0], modes[1]);
    }

    /// <summary>What a terminal showed on which a command ran, in which DUMMY runs a script on a terminal of its own.</summary>
    private static string Typed(string keys, string command, string script)
    {
        using var folder = new TemporaryFolder();
        var dummy = $"'{Dummy.Dotnet}' '{Dummy.Library}' terminal \"$(cat '{folder.Write("script", script)}')\"";
        return TypedTerminal.Show(command.Replace("DUMMY", dummy, StringComparison.Ordinal), ("ready", keys));
    }
}
