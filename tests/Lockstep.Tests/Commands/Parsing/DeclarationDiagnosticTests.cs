namespace Lockstep.Tests.Commands.Parsing;

/// <summary>Each diagnostic of reading declarations, as a terminal shows it.</summary>
public sealed class DeclarationDiagnosticTests
{
    [Theory]
    [InlineData("""
        # next
        - build
        """, """
        commands.cli:2:1: error LS1003: this is neither a command, a variable nor a comment
          2 | - build
            | ^
          help: write NAME: COMMAND, var NAME = VALUE or # COMMENT
        """)]
    [InlineData("build npm run build", """
        commands.cli:1:1: error LS1003: this is neither a command, a variable nor a comment
          1 | build npm run build
            | ^
          help: write NAME: COMMAND, var NAME = VALUE or # COMMENT
        """)]
    [InlineData("var 1A = 2", """
        commands.cli:1:5: error LS1004: what follows var must be a name: a letter or _, then letters, digits, - and _
          1 | var 1A = 2
            |     ^
          help: write var NAME = VALUE
        """)]
    [InlineData("deploy(1): x", """
        commands.cli:1:8: error LS1004: a parameter must be a name: a letter or _, then letters, digits, - and _
          1 | deploy(1): x
            |        ^
          help: write deploy(env = "staging", tag): COMMAND
        """)]
    [InlineData("""
        build: a

        build: b
        """, """
        commands.cli:3:1: error LS1005: command build is declared twice
          3 | build: b
            | ^
          note: first declared here: commands.cli:1:1
          1 | build: a
            | ^
          help: rename one of them, or delete it
        """)]
    [InlineData("""
        var A = 1
        var A = 2
        """, """
        commands.cli:2:5: error LS1006: variable A is declared twice
          2 | var A = 2
            |     ^
          note: first declared here: commands.cli:1:5
          1 | var A = 1
            |     ^
          help: rename one of them, or delete it
        """)]
    [InlineData("""
        build:
            npm run build
            npm test
        """, """
        commands.cli:1:1: error LS1007: command build has no body
          1 | build:
            | ^
          help: write build: COMMAND on one line, or build: { with the commands on lines of their own and } at the end
        """)]
    [InlineData("var A", """
        commands.cli:1:5: error LS1008: variable A has no value
          1 | var A
            |     ^
          help: write var A = "…"
        """)]
    [InlineData("var P = ./src", """
        commands.cli:1:9: error LS1009: ./src is not a string, number, duration or boolean
          1 | var P = ./src
            |         ^
          help: put it in quotes: "./src"
        """)]
    [InlineData("var P = foo // why", """
        commands.cli:1:9: error LS1009: foo is not a string, number, duration or boolean
          1 | var P = foo // why
            |         ^
          help: put it in quotes: "foo"
        """)]
    [InlineData("deploy(env = ./x): y", """
        commands.cli:1:14: error LS1009: ./x is not a string, number, duration or boolean
          1 | deploy(env = ./x): y
            |              ^
          help: put it in quotes: "./x"
        """)]
    [InlineData("c: @cache(inputs = src/**) { a }", """
        commands.cli:1:20: error LS1009: src/** is not a string, number, duration or boolean
          1 | c: @cache(inputs = src/**) { a }
            |                    ^
          help: put it in quotes: "src/**"
        """)]
    [InlineData("c: @http(https://example.org/x)", """
        commands.cli:1:10: error LS1009: https://example.org/x is not a string, number, duration or boolean
          1 | c: @http(https://example.org/x)
            |          ^
          help: put it in quotes: "https://example.org/x"
        """)]
    [InlineData("var L = [1, 2]", """
        commands.cli:1:9: error LS1010: there are no lists
          1 | var L = [1, 2]
            |         ^
          help: write a string, such as "1 2", or one variable for each value
        """)]
    [InlineData("""
        c: @log("x
        """, """
        commands.cli:1:9: error LS1021: this string is not closed
          1 | c: @log("x
            |         ^
          help: close it with " on the same line, or write it in ` ` to span lines
        """)]
    [InlineData("var X = `a", """
        commands.cli:1:9: error LS1021: this string is not closed
          1 | var X = `a
            |         ^
          help: close it with `
        """)]
    [InlineData("""
        var A = "x" y
        """, """
        commands.cli:1:13: error LS1030: nothing but a comment may follow the value
          1 | var A = "x" y
            |             ^
          help: put the next declaration on a line of its own, or quote the whole value
        """)]
    [InlineData("deploy(a, b: x", """
        commands.cli:1:7: error LS1031: these parameters are not closed on their line
          1 | deploy(a, b: x
            |       ^
          help: write NAME(parameter, other = "default"): COMMAND
        """)]
    [InlineData("""
        var (
          A = 1
        """, """
        commands.cli:1:5: error LS1032: this group of variables is not closed
          1 | var (
            |     ^
          help: close it with ) on a line of its own
        """)]
    [InlineData("deploy(a, a): x", """
        commands.cli:1:11: error LS1033: parameter a is declared twice
          1 | deploy(a, a): x
            |           ^
          note: first declared here: commands.cli:1:8
          1 | deploy(a, a): x
            |        ^
          help: rename one of them, or delete it
        """)]
    [InlineData("build { a }", """
        commands.cli:1:1: error LS1034: a : is missing after build
          1 | build { a }
            | ^
          help: write build: COMMAND
        """)]
    [InlineData("watch dev", """
        commands.cli:1:7: error LS1034: a : is missing after watch dev
          1 | watch dev
            |       ^
          help: write watch dev: COMMAND
        """)]
    [InlineData("watch dev(a) b", """
        commands.cli:1:7: error LS1034: a : is missing after watch dev(a)
          1 | watch dev(a) b
            |       ^
          help: write watch dev(a): COMMAND
        """)]
    [InlineData("""
        c: @when("OS", "linux": make)
        """, """
        commands.cli:1:25: error LS1009: make is not a string, number, duration or boolean
          1 | c: @when("OS", "linux": make)
            |                         ^
          help: put it in quotes: "make"
        """)]
    [InlineData("""
        var X = "a\
        """, """
        commands.cli:1:9: error LS1021: this string is not closed
          1 | var X = "a\
            |         ^
          help: close it with " on the same line, or write it in ` ` to span lines
        """)]
    public void An_error_shows_what_is_wrong_where_and_what_to_write(string text, string expected)
        => Assert.Equal(expected + "\n", SyntaxText.Errors(text));
}
