using System.Text;

namespace Lockstep.Tests.Commands.Planning;

public sealed class LockTests
{
    [Theory]
    [InlineData("""x: @lock("a") { @lock("a") { make } }""", 1)]
    [InlineData("""x: @lock("a") { @lock("b") { @parallel { @lock("a") { make }; ls } } }""", 1)]
    [InlineData("""
        var A = "a"
        x: @lock(A) {
          @when("OS", "linux": `@lock("a") { make }`)
        }
        """, 3)]
    [InlineData("""
        x: @lock("a") {
          @cmd(y) || echo no
        }
        y: @cmd(z, 1)
        z(n): @try { main: make; finally: { @lock("a") { make @var(n) } } }
        """, 2)]
    public void A_lock_inside_itself_is_refused_when_the_file_is_checked_and_when_it_is_planned(string text, int line)
    {
        var error = $"LS1127 {line}: lock 'a' is held here already, and taken again it would wait for its own release | take one of the two out, or give one of them another name";
        Assert.Equal(error, Planner.Of(text).Errors("x"));
        Assert.Equal(error, Planner.Of(text).CheckAll());
    }

    [Theory]
    [InlineData("""x: @lock("a") { @lock("b") { make } }""")]
    [InlineData("x: {\n  @lock(\"a\") { make }\n  @lock(\"a\") { make }\n}")]
    [InlineData("""x: @parallel { @lock("a") { make }; @lock("a") { make test } }""")]
    [InlineData("""x: @lock("a@env(N, default = 1)") { @lock("a@env(N, default = 2)") { make } }""")]
    [InlineData("x: {\n  @needs(y)\n  @lock(\"a\") { @needs(y) }\n}\ny: @lock(\"a\") { make }")]
    [InlineData("x: {\n  @lock(\"a\") { @cmd(y) }\n  @cmd(z)\n}\ny: make\nz: @lock(\"a\") { make }")]
    public void Locks_that_are_held_one_after_the_other_or_by_other_names_are_not(string text)
    {
        Assert.Equal("", Planner.Of(text).Errors("x"));
        Assert.Equal("", Planner.Of(text).CheckAll());
    }

    [Fact]
    public void Chains_and_calls_of_any_depth_are_looked_through()
    {
        var text = new StringBuilder("x: @lock(\"a\") {\n  @cmd(c0)");
        for (var i = 0; i < 3000; i++) text.Append(" && a || @cmd(c0)");
        text.Append("\n}\n");
        for (var i = 0; i < 3000; i++) text.Append($"c{i}: @cmd(c{i + 1})\n");
        text.Append("c3000: @lock(\"a\") { make }\n");
        Assert.StartsWith("LS1127 2: ", Planner.Of(text.ToString()).CheckAll());
    }
}
