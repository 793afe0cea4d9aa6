using Lockstep.Source;

namespace Lockstep.Tests.Source;

public sealed class DiagnosticWriterTests
{
    private static string Write(string text, int offset, bool color = false)
    {
        var writer = new StringWriter();
        DiagnosticWriter.Write(writer, new Diagnostic("XX0001", "wrong", "do right", new SourceText("f", text), new Span(offset, 1)), color);
        return writer.ToString();
    }

    [Fact]
    public void The_caret_stands_below_the_place() => Assert.Equal("f:2:3: error XX0001: wrong\n  2 | abc\n    |   ^\n  help: do right\n", Write("x\nabc\ny", 4));

    [Fact]
    public void Tabs_count_as_the_blanks_they_are_shown_as() => Assert.Contains("\n  1 |     a   b\n    |         ^\n", Write("\ta\tb", 3), StringComparison.Ordinal);

    [Fact]
    public void Wide_characters_count_twice() => Assert.Contains("\n  1 | 漢字 x\n    |      ^\n", Write("漢字 x", 3), StringComparison.Ordinal);

    [Fact]
    public void Control_characters_do_not_reach_the_terminal() => Assert.DoesNotContain("\e", Write("a\e[2Jb", 1), StringComparison.Ordinal);

    [Fact]
    public void A_long_line_is_cut_around_the_caret()
    {
        var shown = Write(new string('x', 500_000) + "!" + new string('y', 500_000), 500_000);
        var lines = shown.Split('\n');
        Assert.True(lines[1].Length < 120);
        Assert.Equal('!', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
        Assert.StartsWith("  1 | …x", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("y…", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_the_file_is_a_place() => Assert.Contains("\n  2 |\n    | ^\n", Write("x\n", 2), StringComparison.Ordinal);

    [Fact]
    public void Colour_is_asked_for()
    {
        Assert.Contains("\e[", Write("a", 0, color: true), StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", Write("a", 0), StringComparison.Ordinal);
    }
}
