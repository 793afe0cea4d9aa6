using Lockstep.Expressions;
using Lockstep.Journal;

namespace Lockstep.Tests.Execution;

public sealed class ValueTests
{
    private const string Hostile = "\"; rm -rf x; $(id) `id` '\\ \n*";

    [Fact]
    public void A_value_arrives_unchanged_in_every_quoting_context()
    {
        using var stage = new Stage("""
            args: {
                printf '[%s]' @env(V) a@env(V)b
                printf '[%s]' "@env(V)" "a @env(V) b"; :
                printf '[%s]' `printf %s @env(V)`; :
                printf '[%s]' "$(printf %s "@env(V)")"; :
            }
            """).With("V", "\"; rm -rf x; $(id) `id`");
        var value = "\"; rm -rf x; $(id) `id`";
        var words = string.Concat(value.Split(' ').Select(word => $"[{word}]"));
        Assert.Equal($"[{value}][a{value}b][{value}][a {value} b]{words}[{value}]", stage.Run("args").Output);
    }

    [Fact]
    public void A_value_with_every_awkward_character_is_still_one_argument()
    {
        using var stage = new Stage("direct: printf %s @env(V)\nshell: printf %s \"@env(V)\"; :\n").With("V", Hostile);
        Assert.Equal(Hostile, stage.Run("direct").Output);
        Assert.Equal(Hostile, stage.Run("shell").Output);
    }

    [Fact]
    public void Raw_inserts_code()
    {
        using var stage = new Stage("var FLAGS = \"a b\"\ncount: printf '[%s]' @raw(FLAGS)\n");
        Assert.Equal("[a][b]", stage.Run("count").Output);
    }

    [Fact]
    public void Single_quotes_keep_a_decorator_as_text()
    {
        using var stage = new Stage("var X = \"v\"\nsay: echo '@var(X)' @var(X)\n");
        Assert.Equal("@var(X) v\n", stage.Run("say").Output);
    }

    [Fact]
    public void The_output_of_an_earlier_command_is_a_value()
    {
        using var stage = new Stage("version: echo v1.2\nship: {\n @cmd(version)\n echo shipping @output(version)\n }\n");
        Assert.Equal("v1.2\nshipping v1.2\n", stage.Run("ship").Output);
    }

    [Fact]
    public void A_shell_value_is_resolved_once_when_the_run_needs_it_and_journaled()
    {
        using var stage = new Stage("var N = @sh(\"echo x >> calls; echo 42\")\nsay: {\n echo @var(N)\n echo @var(N)\n }\n");
        Assert.Null(stage.Plan("say").Plan!.Values.Single().Resolved);
        var report = stage.Run("say");
        Assert.Equal("42\n42\n", report.Output);
        Assert.Equal("x\n", stage.Read("calls"));
        Assert.Equal(("42", ValueSource.Shell), report.Events.OfType<ValueWasResolved>().Select(value => (value.Text!, value.Source)).Single());
    }

    [Fact]
    public void A_value_that_cannot_be_resolved_fails_the_step_with_decorator_and_cause()
    {
        using var stage = new Stage("say: echo @sh(\"exit 9\")\n");
        var report = stage.Run("say");
        Assert.Equal(1, report.ExitCode);
        Assert.Contains("@sh(exit 9)", report.Result.End.Reason);
    }

    [Theory]
    [InlineData("@var(API_TOKEN) x")]
    [InlineData("@workdir(\"@var(API_TOKEN)\") { true }")]
    [InlineData("@confirm(\"@var(API_TOKEN)?\") { true }")]
    [InlineData("@lock(\"@var(API_TOKEN)\") { true }")]
    [InlineData("@log(\"@var(API_TOKEN)\", level = \"error\")")]
    [InlineData("@cmd(say) >> @var(API_TOKEN)/x")]
    [InlineData("@when(API_TOKEN) { other: true }")]
    [InlineData("@cmd(with, token = \"hunter2hunter2\")")]
    public void A_secret_is_in_no_reason_name_or_message(string statement)
    {
        using var stage = new Stage($"var API_TOKEN = \"hunter2hunter2\"\ngo: {statement}\nsay: echo x\nwith(token): echo @var(token)\n");
        var report = stage.Run("go");
        var seen = string.Join('\n', report.Events) + report.Output + report.Errors + report.Result.End;
        Assert.DoesNotContain("hunter2", seen, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(stage.Folder["store"], "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("hunter2", file + File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@workdir(\"@var(API_TOKEN)\") { true }")]
    [InlineData("@confirm(\"@var(API_TOKEN)?\") { true }")]
    [InlineData("@lock(\"@var(API_TOKEN)\") { true }")]
    [InlineData("@log(\"@var(API_TOKEN)\")")]
    [InlineData("@cmd(say) >> @var(API_TOKEN)/x")]
    public void A_secret_too_short_to_be_searched_for_is_left_out_by_its_place(string statement)
    {
        using var stage = new Stage($"var API_TOKEN = \"~7z\"\ngo: {statement}\nsay: echo x\n");
        var report = stage.Run("go");
        Assert.DoesNotContain("~7z", string.Join('\n', report.Events) + report.Result.End, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(stage.Folder["store"], "*", SearchOption.AllDirectories), file => Path.GetFileName(file).Contains("~7z", StringComparison.Ordinal));
    }

    [Fact]
    public void Locks_that_differ_in_a_secret_are_two()
    {
        using var stage = new Stage("var A_TOKEN = \"a\"\nvar B_TOKEN = \"b\"\ngo: @lock(\"x-@var(A_TOKEN)\") { @lock(\"x-@var(B_TOKEN)\", timeout = 1s) { true } }\n");
        Assert.Equal(Outcome.Succeeded, stage.Run("go").Outcome);
    }

    [Theory]
    [InlineData("--token=hunter2hunter2")]
    [InlineData("--token", "xyz")]
    [InlineData("xyz")]
    public void A_secret_argument_is_not_kept(params string[] arguments)
    {
        using var stage = new Stage("go(token): echo @var(token)\n");
        var kept = stage.Run("go", null, arguments).Events.OfType<RunStarted>().Single().Arguments;
        Assert.DoesNotContain(kept, argument => argument.Contains("hunter2", StringComparison.Ordinal) || argument == "xyz");
        Assert.Contains(kept, argument => argument.EndsWith("<redacted>", StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_that_failed_is_asked_for_again_in_the_next_attempt()
    {
        using var stage = new Stage("go: @retry(2, delay = 1s) { echo @sh(\"test -e there && echo ok || { touch there; exit 1; }\") }\n") { Clock = new HastyTime() };
        Assert.Equal("ok\n", stage.Run("go").Output);
    }

    [Fact]
    public void A_secret_is_used_and_never_seen()
    {
        using var stage = new Stage("login: {\n printf %s @secret(API_KEY) > used\n echo key=@secret(API_KEY)\n }\n").With("API_KEY", "hunter2hunter2");
        var report = stage.Run("login");
        Assert.Equal("hunter2hunter2", stage.Read("used"));
        Assert.Equal("key=<redacted>\n", report.Output);
        Assert.DoesNotContain("hunter2", string.Join('\n', report.Events), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(stage.Folder["store"], "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("hunter2", File.ReadAllText(file), StringComparison.Ordinal);
    }
}
