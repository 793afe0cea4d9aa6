namespace Lockstep.Cli.Tests.Stores;

/// <summary>What history shows of steps around others.</summary>
public sealed class ShownStateTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_choice_at_run_time_ends_as_the_branch_that_was_taken()
    {
        _scenario.Commands("var H = @sh(\"echo x\")\npick: @when(H) {\n  x: echo x\n  default: echo d\n}\n").Run("pick").Succeeded();
        Assert.Matches("└─ ✓ @when .*\n   ├─ ✓ x: .*\n   │  └─ ✓ echo x.*\n   └─ - default:\n      └─ - echo d\n", Tree());
        Assert.Equal("succeeded", Status("pick/when"));
        Assert.Equal("skipped", Status("pick/when/default/1"));
    }

    [Fact]
    public void A_step_that_was_not_confirmed_is_refused_and_nothing_around_it_runs_on()
    {
        _scenario.Commands("ask: @parallel { true; @confirm(\"sure?\") { echo no } }\n").Run("ask").Failed(3);
        Assert.Matches("└─ ✗ @parallel .*\n   ├─ ✓ true .*\n   └─ ✗ @confirm .*denied by .*\n      └─ · echo no\n", Tree());
        Assert.Equal("refused", Status("ask/parallel/confirm"));
        Assert.Equal("failed", Status("ask/parallel"));
    }

    [Fact]
    public void A_step_that_failed_before_anything_in_it_began_shows_that()
    {
        _scenario.Commands("go: @workdir(\"missing\") { echo no }\n").Run("go").Failed(1);
        Assert.Matches("└─ ✗ @workdir .*there is no folder .*\n   └─ · echo no\n", Tree());
    }

    [Theory]
    [InlineData("false || @cmd(other)", 0, "✓", "succeeded")]
    [InlineData("true || @cmd(other)", 0, "✓", "succeeded")]
    [InlineData("@cmd(other) || true", 0, "✓", "succeeded")]
    [InlineData("true && @cmd(other)", 0, "✓", "succeeded")]
    [InlineData("false || @log(\"mended\")", 0, "✓", "succeeded")]
    [InlineData("false && @cmd(other)", 1, "✗", "failed")]
    [InlineData("@cmd(other) && sh -c 'exit 4'", 4, "✗", "failed")]
    [InlineData("false || sh -c 'exit 4' && @cmd(other)", 4, "✗", "failed")]
    public void A_chain_shows_its_result_and_not_one_of_its_links(string chain, int exitCode, string mark, string status)
    {
        _scenario.Commands($"other: true\ngo: {{ {chain} }}\n").Run("go").Failed(exitCode);
        Assert.StartsWith($"└─ {mark} ", Tree(), StringComparison.Ordinal);
        Assert.Equal(status, Status("go/chain"));
    }

    [Fact]
    public void The_links_of_a_chain_that_have_no_line_of_their_own_are_counted()
    {
        _scenario.Commands("other: true\ngo: { false || sh -c 'exit 4' || @cmd(other) }\n").Run("go").Succeeded();
        Assert.Matches("^└─ ✓ false .*  3/3\n", Tree());
    }

    [Fact]
    public void Only_what_printed_something_has_a_log_to_look_at()
    {
        _scenario.Commands("go: {\n  echo before\n  sh -c 'exit 4'\n}\nloud: {\n  true\n  sh -c 'echo x; exit 4'\n}\n");
        Assert.Matches("^(?s:.*)Look closer: lockstep show run-[^ ;]*\n$", _scenario.Run("go").Failed(4).Error);
        Assert.DoesNotContain("Look closer", _scenario.Run("show").Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("go/2 printed nothing.\n", _scenario.Run("logs", "last", "go/2").Succeeded().Error);
        Assert.Matches("; its output: lockstep logs run-[^ ]+ loud/2\n$", _scenario.Run("loud").Failed(4).Error);
        Assert.Contains("Look closer: lockstep logs ", _scenario.Run("show").Succeeded().Out, StringComparison.Ordinal);
    }

    /// <summary>The lines of the newest run's tree.</summary>
    private string Tree()
    {
        var shown = _scenario.Run("show").Succeeded().Out;
        return shown[shown.IndexOf("└─", StringComparison.Ordinal)..];
    }

    private string Status(string step) => _scenario.Run("show", "--json").Succeeded().Json.GetProperty("steps").EnumerateArray()
        .Single(one => one.GetProperty("step").GetString() == step).GetProperty("status").GetString()!;
}
