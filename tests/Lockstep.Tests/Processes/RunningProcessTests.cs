using System.Globalization;
using System.Text;
using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

public sealed class RunningProcessTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    public void The_exit_code_is_told(int code)
    {
        var exit = Shells.Run(Shells.Sh($"exit {code}")).Exit;
        Assert.Equal(code, exit.Code);
        Assert.Null(exit.Signal);
        Assert.Equal(code == 0, exit.Succeeded);
    }

    [Fact]
    public void The_signal_that_ended_it_is_told()
    {
        var exit = Shells.Run(Shells.Sh("kill -SEGV $$")).Exit;
        Assert.Null(exit.Code);
        Assert.Equal(11, exit.Signal);
        Assert.Equal(139, exit.ShellCode);
    }

    [Fact]
    public void Output_and_errors_are_captured_apart()
    {
        var ended = Shells.Run(Shells.Sh("echo out; echo err >&2"));
        Assert.Equal("out\n", ended.Output);
        Assert.Equal("err\n", ended.Errors);
    }

    [Fact]
    public void Output_and_errors_on_one_pipe_keep_their_order()
    {
        var ended = Shells.Run(Shells.Sh("for i in 1 2 3; do echo o$i; echo e$i >&2; done") with { Errors = OutputTo.WithOutput });
        Assert.Equal("o1\ne1\no2\ne2\no3\ne3\n", ended.Output);
        Assert.Equal("", ended.Errors);
    }

    [Fact]
    public void Large_output_arrives_whole()
    {
        long count = 0;
        var exit = ProcessLoop.Run(loop => loop.Start(
            Shells.Sh("head -c 50000000 /dev/zero") with { OnOutput = (_, bytes) => count += bytes.Length }).Exit);
        Assert.True(exit.Succeeded);
        Assert.Equal(50_000_000, count);
    }

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", " ", "a b", "'\"$(id)`id`\\", "é→😀", "line\nbreak", "-n", "*"];
        var ended = Shells.Run(new("/usr/bin/printf", ["%s\\0", .. arguments]));
        Assert.Equal(arguments, ended.Output[..^1].Split('\0'));
    }

    [Fact]
    public void It_starts_in_its_directory()
    {
        var ended = Shells.Run(Shells.Sh("pwd -P") with { Directory = "/usr/bin" });
        Assert.EndsWith("/bin\n", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_gets_its_environment_and_no_other()
    {
        var environment = EnvironmentBlock.Of([new("A", "1"), new("B", "x=y"), new("C", "")]);
        var ended = Shells.Run(new("/usr/bin/env", []) { Environment = environment.With("D", "é").Without("A") });
        Assert.Equal(["B=x=y", "C=", "D=é"], ended.Output.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void It_gets_our_environment_unless_told_otherwise() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH") + "\n", Shells.Run(Shells.Sh("echo \"$PATH\"")).Output);

    [Fact]
    public void Its_input_is_empty_unless_told_otherwise() =>
        Assert.Equal("", Shells.Run(new("/bin/cat", [])).Output);

    [Fact]
    public void Its_input_may_be_bytes_of_any_length()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789", 100_000));
        var ended = Shells.Run(new("/bin/cat", []) { Input = InputFrom.Bytes(Encoding.UTF8.GetBytes(text)) });
        Assert.Equal(text, ended.Output);
    }

    [Fact]
    public void Streams_may_be_files()
    {
        using var folder = new TemporaryFolder();
        using (var input = File.OpenHandle(folder.Write("in", "hello")))
        using (var output = File.OpenHandle(folder["out"], FileMode.Create, FileAccess.Write))
        {
            var ended = Shells.Run(Shells.Sh("cat; echo oops >&2") with
            {
                Input = InputFrom.Handle(input),
                Output = OutputTo.Handle(output),
                Errors = OutputTo.WithOutput,
            });
            Assert.Equal("", ended.Output);
        }
        Assert.Equal("hellooops\n", File.ReadAllText(folder["out"]));
    }

    [Fact]
    public void It_leads_a_group_of_its_own()
    {
        var ended = Shells.Run(Shells.Sh("cut -d' ' -f1,5 /proc/$$/stat"));
        var ids = ended.Output.Trim().Split(' ');
        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    public void It_ignores_and_blocks_no_signal()
    {
        var status = Shells.Run(Shells.Sh("cat /proc/self/status")).Output.Split('\n');
        string Mask(string name) => status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[1];
        Assert.Equal("0000000000000000", Mask("SigBlk:"));
        var hangup = 1L;
        Assert.Equal(0, long.Parse(Mask("SigIgn:"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0x7fffffff & ~hangup);
    }

    [Fact]
    public void It_gets_no_descriptor_of_ours_but_the_three()
    {
        var list = Shells.Sh("ls /proc/$$/fd");
        var alone = Shells.Run(list).Output;
        var beside = ProcessLoop.Run(async loop =>
        {
            _ = loop.Start(Shells.Sh("sleep 1000"));
            return (await loop.End(list)).Output;
        });
        Assert.Equal(alone, beside);
    }

    [Fact]
    public void A_script_without_an_interpreter_line_runs_in_sh()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("got x y\n", Shells.Run(new(folder.WriteProgram("script", "echo got \"$1\" $2"), ["x", "y"])).Output);
    }

    [Fact]
    public void What_the_output_handler_throws_ends_the_process_and_is_told()
    {
        var process = 0;
        Assert.Throws<FormatException>(() => ProcessLoop.Run(async loop =>
        {
            var running = loop.Start(Shells.Sh("echo hi; sleep 1000") with { OnOutput = (_, _) => throw new FormatException() });
            process = running.Id;
            return await running.Exit;
        }));
        Assert.False(Shells.Lives(process));
    }
}
