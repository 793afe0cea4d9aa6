namespace Lockstep.Tests.Commands.Parsing;

/// <summary>Each diagnostic of reading shell text and arguments, as a terminal shows it.</summary>
public sealed class TextDiagnosticTests
{
    [Theory]
    [InlineData("""
        c: @env("X"
        """, """
        commands.cli:1:8: error LS1019: these arguments are not closed on their line
          1 | c: @env("X"
            |        ^
          help: close them with ), or end the line with \ to go on in the next
        """)]
    [InlineData("""
        c: @env("X" "Y")
        """, """
        commands.cli:1:13: error LS1020: "Y" can't stand here in a list of arguments
          1 | c: @env("X" "Y")
            |             ^
          help: part arguments with commas; write each as VALUE or NAME = VALUE
        """)]
    [InlineData("""
        c: @env(, "Y")
        """, """
        commands.cli:1:9: error LS1020: an argument is missing
          1 | c: @env(, "Y")
            |         ^
          help: part arguments with commas; write each as VALUE or NAME = VALUE
        """)]
    [InlineData("c: @env(KEY = )", """
        commands.cli:1:12: error LS1020: an argument is missing
          1 | c: @env(KEY = )
            |            ^
          help: part arguments with commas; write each as VALUE or NAME = VALUE
        """)]
    [InlineData("var X = 5x", """
        commands.cli:1:9: error LS1022: 5x is neither a number nor a duration
          1 | var X = 5x
            |         ^
          help: write a number (42, -3.14), a duration (500ms, 1h30m; units ns us ms s m h), or a string "5x"
        """)]
    [InlineData("c: @timeout(5x) { a }", """
        commands.cli:1:13: error LS1022: 5x is neither a number nor a duration
          1 | c: @timeout(5x) { a }
            |             ^
          help: write a number (42, -3.14), a duration (500ms, 1h30m; units ns us ms s m h), or a string "5x"
        """)]
    [InlineData("c: echo @cmd(build)", """
        commands.cli:1:9: error LS1023: @cmd is not a value and can't stand inside a command
          1 | c: echo @cmd(build)
            |         ^
          help: put it on a line of its own, or join it with &&, || or |; write \@cmd for the text
        """)]
    [InlineData("c: echo a | @parallel { b }", """
        commands.cli:1:13: error LS1023: @parallel is not a value and can't stand inside a command
          1 | c: echo a | @parallel { b }
            |             ^
          help: let it begin a statement of its own; write \@parallel for the text
        """)]
    [InlineData("""
        c: "@log(x)"
        """, """
        commands.cli:1:5: error LS1023: @log is not a value and can't stand inside a command
          1 | c: "@log(x)"
            |     ^
          help: put it on a line of its own, or join it with &&, || or |; write \@log for the text
        """)]
    [InlineData("c: @cmd(a) > out.txt", """
        commands.cli:1:12: error LS1024: only &&, ||, | and >> may follow @cmd(…)
          1 | c: @cmd(a) > out.txt
            |            ^
          help: put what follows on a line of its own, or join it with one of them
        """)]
    [InlineData("c: @cmd(a) && && b", """
        commands.cli:1:15: error LS1025: nothing stands before &&
          1 | c: @cmd(a) && && b
            |               ^
          help: write a command before &&, or delete it
        """)]
    [InlineData("""
        c: echo "it
        """, """
        commands.cli:1:9: error LS1026: " is not closed in this statement
          1 | c: echo "it
            |         ^
          help: close it, or write \ before it if it is text; a newline ends a statement
        """)]
    [InlineData("c: echo it's", """
        commands.cli:1:11: error LS1026: ' is not closed in this statement
          1 | c: echo it's
            |           ^
          help: close it, or write \ before it if it is text; a newline ends a statement
        """)]
    [InlineData("c: a && $(b", """
        commands.cli:1:9: error LS1026: $( is not closed in this statement
          1 | c: a && $(b
            |         ^
          help: close it, or write \ before it if it is text; a newline ends a statement
        """)]
    [InlineData("c: a &&", """
        commands.cli:1:6: error LS1027: the statement ends with &&
          1 | c: a &&
            |      ^
          help: write what follows on the same line, or end the line with \ to go on in the next
        """)]
    [InlineData("""
        c: echo "a }
        """, """
        commands.cli:1:9: error LS1026: " is not closed in this statement
          1 | c: echo "a }
            |         ^
          help: close it, or write \ before it if it is text; a newline ends a statement
        """)]
    [InlineData("deploy(a b): x", """
        commands.cli:1:10: error LS1020: b can't stand here in a list of arguments
          1 | deploy(a b): x
            |          ^
          help: part arguments with commas; write each as VALUE or NAME = VALUE
        """)]
    [InlineData("c: @var(@var(@var(@var(@var(@var(@var(@var(@var(@var(@var(x)))))))))))", """
        commands.cli:1:49: error LS1037: decorators are nested too deep in arguments
          1 | c: @var(@var(@var(@var(@var(@var(@var(@var(@var(@var(@var(x)))))))))))
            |                                                 ^
          help: give the value to a variable, and name that
        """)]
    public void An_error_shows_what_is_wrong_where_and_what_to_write(string text, string expected)
        => Assert.Equal(expected + "\n", SyntaxText.Errors(text));

    [Theory]
    [InlineData("\"`printf %s \\\"@var(v)\\\"`\"")]
    [InlineData("`printf %s \\\\\"@var(v)\\\\\"`")]
    [InlineData("`printf %s \\`echo @var(v)\\``")]
    public void A_value_can_not_stand_where_back_ticks_move_the_quotes(string word)
        => Assert.StartsWith(
            "LS1040 1: a value can't stand in back-ticks after an escaped quote, back-tick or backslash: it could not be quoted safely",
            Planner.Of($"a(v): echo {word}").Errors("a", "x"), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"`printf %s @var(v)`\"")]
    [InlineData("\"`printf '%s\\\\n' @var(v)`\"")]
    [InlineData("`printf %s \\\"@var(v)\\\"`")]
    [InlineData("\"`printf \\\"a\\\"` @var(v) `printf %s @var(v)`\"")]
    [InlineData("\"$(printf %s \"@var(v)\")\"")]
    public void A_value_may_stand_in_back_ticks_with_other_escapes(string word) => Assert.Equal("", Planner.Of($"a(v): echo {word}").Errors("a", "x"));
}
