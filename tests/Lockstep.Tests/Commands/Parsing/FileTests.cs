using System.Text;
using Lockstep.Commands;
using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Tests.Commands.Parsing;

public sealed class FileTests
{
    private static string Values(string text)
    {
        Assert.Equal("", SyntaxText.Errors(text));
        return string.Join("; ", SyntaxText.Read(text).Variables.Select(variable => $"{variable.Name.Text} = {SyntaxText.Of(variable.Value)}"));
    }

    [Theory]
    [InlineData("var A = \"x\"", "A = 'x'")]
    [InlineData("var A = 'x\\n'", "A = 'x\\n'")]
    [InlineData("var A = \"x\\n\\t\\\"\\\\ \\d @y\" # why", "A = 'x\n\t\"\\ \\d @y'")]
    [InlineData("var A = `x\n y`\nvar B = 1", "A = 'x\n y'; B = 1")]
    [InlineData("var A = `x\r\n y`\r\nvar B = 1\r\n", "A = 'x\n y'; B = 1")]
    [InlineData("var A = 42 // why", "A = 42")]
    [InlineData("var A = -3.14", "A = -3.14")]
    [InlineData("var A = 1h30m", "A = 01:30:00")]
    [InlineData("var A = 500ms", "A = 00:00:00.5000000")]
    [InlineData("var A = true\nvar B=false", "A = true; B = false")]
    [InlineData("var A = @http(\"https://x/v\", ttl = 5m)", "A = @http('https://x/v', ttl = 00:05:00)")]
    [InlineData("var (\n  A = 1 # a\n\n  // b\n  B = \"x\"\n)\nvar C = 3", "A = 1; B = 'x'; C = 3")]
    [InlineData("var (\n)", "")]
    public void A_variable_holds_a_literal_or_a_decorator(string text, string expected) => Assert.Equal(expected, Values(text));

    [Fact]
    public void Comment_lines_directly_above_a_command_describe_it()
    {
        var file = SyntaxText.Read("# not this\n\n# Builds it.\n//   And more.\nbuild: a # not this\n\nbare: b\n#\nempty: c\n");
        Assert.Equal(["Builds it.\nAnd more.", null, null], file.Commands.Select(header => header.Description(file.Source)));
    }

    [Fact]
    public void A_watch_and_a_stop_may_share_a_name()
    {
        var file = SyntaxText.Read("watch dev: a\nstop dev: b\nwatch: c\nstop: d\nvar: e");
        Assert.Empty(file.Diagnostics);
        Assert.Equal(CommandKind.Watch, file.Find("dev")!.Kind);
        Assert.Equal(CommandKind.Stop, file.FindStop("dev")!.Kind);
        Assert.Equal(CommandKind.Run, file.Find("stop")!.Kind);
        Assert.Equal(CommandKind.Run, file.Find("var")!.Kind);
        Assert.Null(file.Find("nobody"));
        Assert.Null(file.FindStop("watch"));
    }

    [Theory]
    [InlineData("dev: a\nwatch dev: b")]
    [InlineData("dev: a\nstop dev: b")]
    [InlineData("stop dev: a\ndev: b")]
    [InlineData("stop dev: a\nstop dev: b")]
    public void Other_commands_may_not(string text) => Assert.Contains("LS1005", SyntaxText.Errors(text), StringComparison.Ordinal);

    [Fact]
    public void Parameters_have_defaults_or_not()
    {
        var file = SyntaxText.Read("deploy(env = \"staging\", tag, wait = 5m,): a");
        Assert.Empty(file.Diagnostics);
        Assert.Equal("Run deploy(env = 'staging', tag, wait = 00:05:00) \"\": [a]\n", SyntaxText.Of(file));
    }

    [Fact]
    public void A_command_is_found_behind_every_kind_of_body()
    {
        var file = SyntaxText.Read("""
            a: @parallel {
              b: not a command
              @log(`
            }
            c: neither
            `)
              @when(X) {
                d: echo {
                e: {
                }
              }
            }
            f: x \
            g: still f
            h: { i; j }
            # k: nor this \
            l: {
              # }
              echo "}" }
            }
            m: @cmd(f, `
            n: no
            `)
            o: p
            """);
        Assert.Equal("", SyntaxText.Errors(file.Source.Text));
        Assert.Equal(["a", "f", "h", "l", "m", "o"], file.Commands.Select(header => header.Name));
    }

    [Fact]
    public void A_missing_brace_does_not_hide_the_commands_below()
    {
        var file = SyntaxText.Read("a: @parallel {\n  x\n\nb: y\nwatch c: {\n  z\n\nvar D = 1\nd: w\n");
        Assert.Equal(["a", "b", "c", "d"], file.Commands.Select(header => header.Name));
        Assert.Single(file.Variables);
    }

    [Fact]
    public void A_byte_order_mark_is_no_text()
    {
        var file = CommandFile.Read("commands.cli", [0xEF, 0xBB, 0xBF, .. "a: b"u8]);
        Assert.Empty(file.Diagnostics);
        Assert.Equal("a", file.Commands[0].Name);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_shown_where_they_stand()
    {
        var file = CommandFile.Read("commands.cli", [.. "é: b\n"u8, .. "c: "u8, 0xFF, 0xFE, .. " d"u8]);
        var writer = new StringWriter();
        DiagnosticWriter.Write(writer, file.Diagnostics);
        Assert.Equal("""
            commands.cli:2:4: error LS1001: byte 0xFF is not UTF-8
              2 | c: �� d
                |    ^
              help: save the file as UTF-8

            """, writer.ToString());
    }

    [Fact]
    public void A_nul_is_shown_where_it_stands() => Assert.Equal("""
        commands.cli:1:6: error LS1002: a NUL character can't stand in a command file
          1 | a: b �
            |      ^
          help: delete it: no program can be given one

        """, SyntaxText.Errors("a: b \0"));

    [Fact]
    public void Blocks_nested_too_deep_are_an_error() => Assert.Equal("""
        commands.cli:201:11: error LS1018: blocks are nested deeper than 200 levels
          201 | @parallel {
              |           ^
          help: move the inner blocks to a command of their own and call it with @cmd(NAME)

        """, SyntaxText.Errors("c: " + string.Concat(Enumerable.Repeat("@parallel {\n", 300)) + string.Concat(Enumerable.Repeat("}\n", 300))));

    [Fact]
    public void Only_the_first_twenty_errors_are_told()
    {
        var bag = new DiagnosticBag();
        SyntaxText.Read(string.Concat(Enumerable.Range(0, 50).Select(i => $"c{i}: echo 'x\n"))).CheckAll(bag);
        Assert.Equal(20, bag.ToImmutable().Length);
    }

    [Fact]
    public void Bodies_are_read_only_when_asked_for()
    {
        var file = SyntaxText.Read("good: a\nbad: echo 'x\n");
        Assert.Empty(file.Diagnostics);
        var bag = new DiagnosticBag();
        file.Parse(file.Find("good")!, bag);
        Assert.False(bag.HasErrors);
        file.Parse(file.Find("bad")!, bag);
        Assert.True(bag.HasErrors);
    }
}
