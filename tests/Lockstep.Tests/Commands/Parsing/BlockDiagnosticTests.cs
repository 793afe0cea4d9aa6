namespace Lockstep.Tests.Commands.Parsing;

/// <summary>Each diagnostic of reading blocks, as a terminal shows it.</summary>
public sealed class BlockDiagnosticTests
{
    [Theory]
    [InlineData("c: @timeout(5m) echo hi", """
        commands.cli:1:4: error LS1011: @timeout needs a block in braces
          1 | c: @timeout(5m) echo hi
            |    ^
          help: write @timeout(5m) { echo hi }
        """)]
    [InlineData("c: @parallel", """
        commands.cli:1:4: error LS1011: @parallel needs a block in braces
          1 | c: @parallel
            |    ^
          help: write @parallel { … }
        """)]
    [InlineData("c: @when(ENV)", """
        commands.cli:1:4: error LS1011: @when needs a block in braces
          1 | c: @when(ENV)
            |    ^
          help: write @when(ENV) { NAME: … }
        """)]
    [InlineData("deploy: @timeout(5m) @retry(3) { kubectl apply -f k8s/ }", """
        commands.cli:1:9: error LS1012: block decorators nest, they do not chain
          1 | deploy: @timeout(5m) @retry(3) { kubectl apply -f k8s/ }
            |                      ^
          help: write @timeout(5m) { @retry(3) { … } }
        """)]
    [InlineData("c: @timeout(5m) @retry(3) @parallel { a; b }", """
        commands.cli:1:4: error LS1012: block decorators nest, they do not chain
          1 | c: @timeout(5m) @retry(3) @parallel { a; b }
            |                 ^
          help: write @timeout(5m) { @retry(3) { @parallel { … } } }
        """)]
    [InlineData("c: @paralel { a; b }", """
        commands.cli:1:4: error LS1013: there is no decorator @paralel
          1 | c: @paralel { a; b }
            |    ^
          help: write @parallel, or \@paralel if the shell is to get it as text
        """)]
    [InlineData("c: @frobnicate(1)", """
        commands.cli:1:4: error LS1013: there is no decorator @frobnicate
          1 | c: @frobnicate(1)
            |    ^
          help: write \@frobnicate if the shell is to get it as text
        """)]
    [InlineData("""
        var V = @htp("x")
        """, """
        commands.cli:1:9: error LS1013: there is no decorator @htp
          1 | var V = @htp("x")
            |         ^
          help: write @http, or put it in quotes if it is text
        """)]
    [InlineData("""
        c: {
          a
        """, """
        commands.cli:1:4: error LS1014: this block is not closed
          1 | c: {
            |    ^
          help: close it with } at the start of a line
        """)]
    [InlineData("""
        c: @parallel { a
          b
        }
        """, """
        commands.cli:1:14: error LS1015: a block begun on a line must end on it
          1 | c: @parallel { a
            |              ^
          help: put a line break after {, or close the block on this line with a } that stands alone between blanks
        """)]
    [InlineData("c: { a } && b", """
        commands.cli:1:10: error LS1016: nothing may follow a block on its line
          1 | c: { a } && b
            |          ^
          help: put it on the next line; to redirect or pipe a group of commands, write ( … )
        """)]
    [InlineData("""
        c: {
          @retry(3) { a } | tee x
        }
        """, """
        commands.cli:2:19: error LS1016: nothing may follow a block on its line
          2 |   @retry(3) { a } | tee x
            |                   ^
          help: put it on the next line; to redirect or pipe a group of commands, write ( … )
        """)]
    [InlineData("c: }", """
        commands.cli:1:4: error LS1017: this } closes nothing
          1 | c: }
            |    ^
          help: delete it, or open the block with {
        """)]
    [InlineData("}", """
        commands.cli:1:1: error LS1017: this } closes nothing
          1 | }
            | ^
          help: delete it, or open the block with {
        """)]
    [InlineData("""
        c: @when(ENV) {
          production: a
          echo b
        }
        """, """
        commands.cli:3:3: error LS1028: a block of @when holds branches only
          3 |   echo b
            |   ^
          help: write NAME: COMMAND or NAME: { … }; a name with other characters goes in quotes
        """)]
    [InlineData("""
        c: @when(ENV) {
          production:
        }
        """, """
        commands.cli:2:3: error LS1029: branch production holds nothing
          2 |   production:
            |   ^
          help: write production: COMMAND, or production: { } to do nothing
        """)]
    [InlineData("""
        c: {
          {
            a
          }
        }
        """, """
        commands.cli:2:3: error LS1035: a block inside a block needs a decorator
          2 |   {
            |   ^
          help: delete the braces, or write a decorator before {
        """)]
    [InlineData("c: @cmd build", """
        commands.cli:1:4: error LS1036: @cmd needs its arguments in parentheses
          1 | c: @cmd build
            |    ^
          help: write @cmd(…), or \@cmd for the text
        """)]
    [InlineData("c: @timeout(@a(@b(1))) { x }", """
        commands.cli:1:13: error LS1013: there is no decorator @a
          1 | c: @timeout(@a(@b(1))) { x }
            |             ^
          help: put it in quotes if it is text
        commands.cli:1:16: error LS1013: there is no decorator @b
          1 | c: @timeout(@a(@b(1))) { x }
            |                ^
          help: put it in quotes if it is text
        """)]
    [InlineData("c: @log", """
        commands.cli:1:4: error LS1036: @log needs its arguments in parentheses
          1 | c: @log
            |    ^
          help: write @log(…), or \@log for the text
        """)]
    [InlineData("""
        c: a
        d: @timeout(5m) {
        e: b
        f: c
        """, """
        commands.cli:2:17: error LS1014: this block is not closed
          2 | d: @timeout(5m) {
            |                 ^
          help: close it with } at the start of a line
        """)]
    [InlineData("""
        c: {
          @try { main: a
          }
        }
        """, """
        commands.cli:2:8: error LS1015: a block begun on a line must end on it
          2 |   @try { main: a
            |        ^
          help: put a line break after {, or close the block on this line with a } that stands alone between blanks
        """)]
    [InlineData("c: @try { main: a; finally: { // b } }", """
        commands.cli:1:9: error LS1015: a block begun on a line must end on it
          1 | c: @try { main: a; finally: { // b } }
            |         ^
          help: put a line break after {, or close the block on this line with a } that stands alone between blanks
        """)]
    public void An_error_shows_what_is_wrong_where_and_what_to_write(string text, string expected)
        => Assert.Equal(expected + "\n", SyntaxText.Errors(text));
}
