using Lockstep.Tests.Processes;

namespace Lockstep.Tests.Execution;

public sealed class ChainTests
{
    private const string Commands = """
        good: echo good
        bad: { echo bad; exit 3 }
        lines: { echo b; echo a }
        and: @cmd(good) && echo then
        and-not: @cmd(bad) && echo never
        or: @cmd(bad) || echo else
        or-not: @cmd(good) || echo never
        left: @cmd(bad) && echo never || echo rescued
        pipe: @cmd(lines) | sort
        pipe-fails: @cmd(bad) | cat
        tight: @cmd(good) && echo x | tr x y
        into: echo from shell | @cmd(reader)
        reader: cat
        append: @cmd(good) >> log.txt
        message: @log("hello") | tr a-z A-Z
        """;

    [Theory]
    [InlineData("and", 0, "good\nthen\n")]
    [InlineData("and-not", 3, "bad\n")]
    [InlineData("or", 0, "bad\nelse\n")]
    [InlineData("or-not", 0, "good\n")]
    [InlineData("left", 0, "bad\nrescued\n")]
    [InlineData("pipe", 0, "a\nb\n")]
    [InlineData("pipe-fails", 3, "bad\n")]
    [InlineData("tight", 0, "good\ny\n")]
    [InlineData("into", 0, "from shell\n")]
    [InlineData("message", 0, "HELLO\n")]
    public void Links_follow_the_shell(string name, int exitCode, string output)
    {
        using var stage = new Stage(Commands);
        var report = stage.Run(name);
        Assert.Equal((exitCode, output), (report.ExitCode, report.Output));
    }

    [Fact]
    public void A_message_larger_than_a_pipe_reaches_its_reader()
    {
        using var stage = new Stage("go: @log(\"@env(BIG)\") | wc -c\n").With("BIG", new string('x', 200_000));
        Assert.Equal("200001\n", stage.Run("go").Output);
    }

    [Fact]
    public void Output_is_appended_to_a_file()
    {
        using var stage = new Stage(Commands);
        Assert.Equal("", stage.Run("append").Output);
        stage.Run("append");
        Assert.Equal("good\ngood\n", stage.Read("log.txt"));
    }

    [Fact]
    public void Appending_to_a_named_pipe_that_nobody_reads_is_an_error_and_no_wait()
    {
        using var stage = new Stage("wait: @cmd(pipe) >> log.fifo\npipe: @log(\"hello\")\n");
        Shells.Run(Shells.Sh("mkfifo \"$1\"", stage["log.fifo"]));
        var report = stage.Run("wait");
        Assert.Equal(1, report.ExitCode);
        Assert.EndsWith("it is a named pipe that nobody reads, or a device that is not there; start its reader first", report.Result.End.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Appending_to_a_named_pipe_that_is_read_goes_to_its_reader()
    {
        using var stage = new Stage("say: @cmd(lines) >> log.fifo\nlines: head -c 1000000 /dev/zero\n");
        Shells.Run(Shells.Sh("mkfifo \"$1\"", stage["log.fifo"]));

        // Opened for both, so that neither side waits for the other.
        using var reader = new FileStream(stage["log.fifo"], FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var reading = Task.Run(() => reader.ReadExactly(new byte[1_000_000]));
        Assert.Equal(0, stage.Run("say").ExitCode);
        await reading;
    }
}
