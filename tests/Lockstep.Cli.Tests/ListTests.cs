namespace Lockstep.Cli.Tests;

public sealed class ListTests : IDisposable
{
    private const string Source = """
        # Compile everything
        # and more
        build: cc main.c

        deploy(env = "staging", tag): echo @var(env) @var(tag)

        # Serve while files change
        watch dev: sleep 1000
        stop dev: echo stopping

        """;

    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_global_flag_with_a_value_may_stand_alone_before_nothing()
        => _scenario.Commands(Source).Run("--color", "never").Succeeded();

    [Fact]
    public void Alone_it_lists_what_can_be_run()
        => Assert.Equal("""
            Commands in commands.cli
              build                     Compile everything
              deploy [env=staging] TAG
            Watches in commands.cli
              dev                       Serve while files change

            """, _scenario.Commands(Source).Run().Succeeded().Out);

    [Fact]
    public void The_list_as_json_has_parameters_and_modes()
    {
        var commands = _scenario.Commands(Source).Run("--json").Succeeded().Json.GetProperty("commands");
        Assert.Equal(["build", "deploy", "dev", "dev"], commands.EnumerateArray().Select(command => command.GetProperty("name").GetString()));
        Assert.Equal(["run", "run", "watch", "stop"], commands.EnumerateArray().Select(command => command.GetProperty("mode").GetString()));
        Assert.Equal("staging", commands[1].GetProperty("parameters")[0].GetProperty("default").GetString());
        Assert.False(commands[1].GetProperty("parameters")[1].TryGetProperty("default", out _));
    }

    [Fact]
    public void Definitions_are_found_in_a_folder_above()
    {
        _scenario.Commands(Source).With("a/b/c.txt", "");
        Assert.Contains("build", _scenario.Run("-C", "a/b").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_definitions_it_says_where_it_looked_and_what_writes_one()
    {
        var ran = _scenario.Run().Failed(4);
        Assert.Contains("commands.cli", ran.Error, StringComparison.Ordinal);
        Assert.Contains(_scenario.Project, ran.Error, StringComparison.Ordinal);
        Assert.Contains("lockstep init", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_gives_the_nearest_and_the_list()
    {
        var ran = _scenario.Commands(Source).Run("biuld").Failed(4);
        Assert.Equal("""
            Error: there is no command 'biuld' in commands.cli
              why: it has build, deploy, dev
            Use: lockstep build

            """, ran.Error);
    }

    [Fact]
    public void Help_on_a_command_of_the_file_comes_from_its_comment_and_parameters()
    {
        var help = _scenario.Commands(Source).Run("deploy", "--help").Succeeded().Out;
        Assert.Contains("lockstep deploy [env=staging] TAG", help, StringComparison.Ordinal);
        Assert.Contains("--tag  required", help, StringComparison.Ordinal);
        Assert.StartsWith("Compile everything", _scenario.Run("build", "--help").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_on_the_program_and_each_built_in_needs_no_definitions()
    {
        Assert.Contains("lockstep NAME --dry-run", _scenario.Run("--help").Succeeded().Out, StringComparison.Ordinal);
        foreach (var name in (string[])["run", "plan", "ps", "stop", "runs", "show", "logs", "events", "validate", "fmt", "init", "doctor", "completion"])
            Assert.Contains($"lockstep {name}", _scenario.Run(name, "--help").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_with_escapes_is_printed_without_them()
    {
        var scenario = new Scenario().Commands("# Build \e[31mit\nbuild: echo built\n");
        try
        {
            Assert.EndsWith("  Build it\n", scenario.Run().Succeeded().Out, StringComparison.Ordinal);
        }
        finally
        {
            scenario.Dispose();
        }
    }

    [Fact]
    public void A_list_of_a_file_with_errors_says_that_something_may_be_missing()
    {
        var ran = _scenario.Commands("build: make\n= broken\nstub: echo\n").Run().Succeeded();
        Assert.Contains("build", ran.Out, StringComparison.Ordinal);
        Assert.Contains("commands.cli has an error, so something may be missing here: lockstep validate", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0001\u0002\u0003%%%\n(((\n")]
    [InlineData("b\0u\0i\0l\0d\0:\0 \0m\0a\0k\0e\0\n\0")]
    public void A_file_that_is_no_text_is_not_listed_as_an_empty_one(string text)
        => Assert.Contains("nothing of it can be run\nUse: lockstep validate\n", _scenario.Commands(text).Run().Failed(2).Error, StringComparison.Ordinal);
}
