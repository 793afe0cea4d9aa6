using Lockstep.Processes;

namespace Lockstep.Tests.Processes;

public sealed class ProcessStartTests
{
    [Fact]
    public void PWD_is_where_the_process_starts()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains($"\nPWD={folder.Path}\n", "\n" + Shells.Run(new("/usr/bin/env", []) { Directory = folder.Path }).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_program_says_so() =>
        Assert.Equal((127, "Could not start '/nowhere/tool': there is no such file. Check the name and PATH."), Failure(new("/nowhere/tool", [])));

    [Fact]
    public void A_program_that_may_not_be_executed_says_so()
    {
        using var folder = new TemporaryFolder();
        var (code, message) = Failure(new(folder.Write("tool", "echo"), []));
        Assert.Equal(126, code);
        Assert.Contains("may not be executed. Make it executable with chmod +x", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_not_a_program() =>
        Assert.Equal((126, "Could not start '/usr': it is a directory. Name a program."), Failure(new("/usr", [])));

    [Fact]
    public void A_missing_interpreter_says_so()
    {
        using var folder = new TemporaryFolder();
        var (_, message) = Failure(new(folder.WriteProgram("tool", "#!/nowhere/interpreter\n"), []));
        Assert.Contains("the interpreter that its first line (#!)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_working_directory_says_so() =>
        Assert.Equal(
            "Could not start '/bin/sh': its working directory '/nowhere' does not exist. Create it, or name another.",
            Failure(Shells.Sh("") with { Directory = "/nowhere" }).Message);

    [Fact]
    public void A_working_directory_that_is_a_file_says_so() =>
        Assert.Equal(
            "Could not start '/bin/sh': its working directory '/etc/passwd' is a file. Name a directory.",
            Failure(Shells.Sh("") with { Directory = "/etc/passwd" }).Message);

    [Fact]
    public void Arguments_that_are_too_long_say_so()
    {
        var (code, message) = Failure(Shells.Sh("", new string('x', 10_000_000)));
        Assert.Equal(126, code);
        Assert.Contains("Pass the text through a file or standard input.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_with_NUL_says_so() =>
        Assert.Contains("an argument holds NUL", Failure(Shells.Sh("", "a\0b")).Message, StringComparison.Ordinal);

    private static (int Code, string Message) Failure(ProcessSpec spec) => ProcessLoop.Run(loop =>
    {
        var failure = Assert.Throws<ProcessStartException>(() => loop.Start(spec));
        return Task.FromResult((failure.ShellCode, failure.Message));
    });
}
