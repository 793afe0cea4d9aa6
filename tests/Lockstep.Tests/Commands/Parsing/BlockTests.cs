namespace Lockstep.Tests.Commands.Parsing;

public sealed class BlockTests
{
    private static string Body(string text) => SyntaxText.Body(text);

    [Fact]
    public void A_semicolon_parts_statements_of_a_block_on_one_line()
        => Assert.Equal("@timeout('5m') { @parallel { [task1]; [task2] } }", Body("deploy: @timeout(\"5m\") { @parallel { task1; task2 } }"));

    [Fact]
    public void A_semicolon_is_the_shells_in_a_block_of_many_lines()
        => Assert.Equal("@parallel { [a; b]; [c] }", Body("c: @parallel {\n  a; b\n  c\n}\n"));

    [Fact]
    public void A_semicolon_is_the_shells_outside_blocks() => Assert.Equal("[a; b]", Body("c: a; b"));

    [Theory]
    [InlineData("{ a; b }", "[a]; [b]")]
    [InlineData("{ for i in 1 2; do echo $i; done; b; }", "[for i in 1 2; do echo $i; done]; [b]")]
    [InlineData("{ if a; then b; else c; fi }", "[if a; then b; else c; fi]")]
    [InlineData("{ case $x in a) b;; *) c;; esac; d }", "[case $x in a) b;; *) c;; esac]; [d]")]
    [InlineData("{ (a; b); { c; d; }; e }", "[(a; b)]; [{ c; d; }]; [e]")]
    [InlineData("{ echo ${X} {} a{b,c} '}' \"}\" \\} $(a; b); x }", "[echo ${X} {} a{b,c} '}' \"}\" \\} $(a; b)]; [x]")]
    [InlineData("{ find . -exec rm {} \\; ; awk '{print}' }", "[find . -exec rm {} \\;]; [awk '{print}']")]
    [InlineData("{ @log(\"}\"); @cmd(b) && c; d }", "@log('}'); chain(@cmd(b) And [c]); [d]")]
    [InlineData("{}", "")]
    [InlineData("{ }", "")]
    [InlineData("{ @retry(3) { a }}", "@retry(3) { [a] }")]
    [InlineData("{ @retry(3) { a }; @lock(\"x\") { b; c }; d }", "@retry(3) { [a] }; @lock('x') { [b]; [c] }; [d]")]
    public void A_block_on_one_line_ends_with_a_brace_that_stands_alone(string body, string expected) => Assert.Equal(expected, Body($"c: {body}"));

    [Fact]
    public void A_brace_ends_a_block_of_many_lines_only_at_the_start_of_a_line()
        => Assert.Equal("[echo }]; [a }; b]; [{ c; d; } > f]", Body("c: {\n  echo }\n  a }; b\n  { c; d; } > f\n}\nd: e"));

    [Fact]
    public void Blocks_nest_over_lines()
        => Assert.Equal("@timeout(00:05:00) { @parallel { [a]; @retry(3) { [b] } } }; [c]",
            Body("c: {\n  @timeout(5m) { // five\n    @parallel { # two\n      a\n      @retry(3) { b }\n    }\n  }\n\n  // why\n  c\n}"));

    [Fact]
    public void Closing_braces_may_share_a_line() => Assert.Equal("@timeout(00:00:01) { @retry { [a] } }; [b]", Body("c: {\n@timeout(1s) {\n@retry {\na\n} }\nb\n}"));

    [Fact]
    public void A_pattern_holds_branches()
        => Assert.Equal("@when(ENV) { production: { [a; b] } staging: { [c]; [d] } default: { @parallel { [e] } } x y: { @cmd(z) } }",
            Body("c: @when(ENV) {\n  production: a; b\n  staging: {\n    c\n    d\n  }\n  default: @parallel {\n    e\n  }\n  \"x y\": @cmd(z)\n}"));

    [Fact]
    public void A_pattern_on_one_line_parts_branches_at_a_semicolon_and_a_name()
        => Assert.Equal("@when(ENV) { production: { [a]; [b] } staging: { [c http://x] } default: { @log('x') } }",
            Body("c: @when(ENV) { production: a; b; staging: c http://x; default: @log(\"x\") }"));

    [Fact]
    public void A_when_may_hold_its_branches_as_arguments()
        => Assert.Equal("@when('OS', linux : 'make', darwin : 'xcodebuild \"@var(X)\"') { linux: { [make] } darwin: { [xcodebuild \"<DoubleQuoted:@var(X)>\"] } }",
            Body("build: @when(\"OS\", \"linux\": \"make\", \"darwin\": 'xcodebuild \"@var(X)\"')"));

    [Fact]
    public void A_try_holds_branches()
        => Assert.Equal("@try { main: { [a] } catch: { [b] } finally: { [c] } }", Body("c: @try { main: a; catch: b; finally: { c } }"));

    [Fact]
    public void The_last_brace_needs_no_newline() => Assert.Equal("[a]", Body("c: {\na\n}"));

    [Fact]
    public void Windows_line_ends_are_fine() => Assert.Equal("@parallel { [a]; [b] }", Body("c: @parallel {\r\n  a\r\n  b\r\n}\r\n"));

    [Fact]
    public void Two_hundred_levels_are_enough()
    {
        var text = "c: " + string.Concat(Enumerable.Repeat("@parallel {\n", 200)) + "a\n" + string.Concat(Enumerable.Repeat("}\n", 200));
        Assert.Contains("{ [a] }", Body(text), StringComparison.Ordinal);
        Assert.Contains("LS1018", SyntaxText.Errors("c: " + string.Concat(Enumerable.Repeat("@parallel {\n", 10_000))), StringComparison.Ordinal);
        Assert.Contains("LS1018", SyntaxText.Errors("c: " + string.Concat(Enumerable.Repeat("@parallel { ", 10_000)) + string.Concat(Enumerable.Repeat("} ", 10_000))), StringComparison.Ordinal);
    }
}
