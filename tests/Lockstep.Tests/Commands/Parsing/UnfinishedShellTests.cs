namespace Lockstep.Tests.Commands.Parsing;

/// <summary>Shell text that its shell would read on in the next line.</summary>
public sealed class UnfinishedShellTests
{
    [Theory]
    [InlineData("c: if true", """
        commands.cli:1:4: error LS1038: if is not closed in this statement, and a newline ends a statement
          1 | c: if true
            |    ^
          help: write all of it on one line, with ; where the line breaks are, up to its fi; end lines with \ to go on in the next; or put it in a script file
        """)]
    [InlineData("""
        c: {
          for i in a b; do
            echo $i
          done
        }
        """, """
        commands.cli:2:3: error LS1038: for is not closed in this statement, and a newline ends a statement
          2 |   for i in a b; do
            |   ^
          help: write all of it on one line, with ; where the line breaks are, up to its done; end lines with \ to go on in the next; or put it in a script file
        """)]
    [InlineData("""
        c: {
          sort <<-'END' | uniq
            it's
            "
            END
          make
        }
        """, """
        commands.cli:2:8: error LS1039: a here-document goes on in the lines below, and a newline ends a statement
          2 |   sort <<-'END' | uniq
            |        ^
          help: put the text in a file and write COMMAND < FILE, or in a variable in ` ` and write printf '%s\n' @var(NAME) | COMMAND
        """)]
    public void It_is_told_what_goes_on_and_what_to_write(string text, string expected)
        => Assert.Equal(expected + "\n", SyntaxText.Errors(text + "\n"), ignoreLineEndingDifferences: true);

    [Theory]
    [InlineData("if a", 4)]
    [InlineData("if a; then", 4)]
    [InlineData("if a; then b; else // what then", 4)]
    [InlineData("if a; then # why", 4)]
    [InlineData("a && if b; then", 9)]
    [InlineData("a | while read x; do", 8)]
    [InlineData("until a; do", 4)]
    [InlineData("for i in 1 2", 4)]
    [InlineData("case $x in", 4)]
    [InlineData("case $x in a) b;;", 4)]
    [InlineData("case $x", 4)]
    [InlineData("f() {", 8)]
    [InlineData("( a", 4)]
    [InlineData("(", 4)]
    [InlineData("a && (b; c", 9)]
    [InlineData("! { a;", 6)]
    [InlineData("@cmd(d) && {", 15)]
    [InlineData("if a; then case x in y) b;; esac", 4)]
    [InlineData("if a; then \\\n  b", 4)]
    public void What_is_open_at_the_end_of_a_statement_is_refused(string text, int column)
        => Assert.StartsWith($"commands.cli:1:{column}: error LS1038: ", SyntaxText.Errors($"c: {text}\nd: make\n"));

    [Theory]
    [InlineData("cat <<EOF", 8)]
    [InlineData("cat << \"EOF\" > file", 8)]
    [InlineData("x=$(cat <<EOF", 12)]
    [InlineData("@cmd(d) | cat 3<<-EOF", 19)]
    [InlineData("echo @raw(V) <<EOF", 17)]
    [InlineData("@retry(3) { cat <<EOF }", 20)]
    public void A_here_document_is_refused(string text, int column)
        => Assert.StartsWith($"commands.cli:1:{column}: error LS1039: ", SyntaxText.Errors($"c: {text}\nd: make\nvar V = \"v\"\n"));

    [Theory]
    [InlineData("echo if")]
    [InlineData("make if then for while case { (a)")]
    [InlineData("echo '<<EOF' \"<<EOF if (\" \\<<EOF \\(")]
    [InlineData("cat <<<word")]
    [InlineData("cat <<< \"if (\" | sort")]
    [InlineData("echo $((1<<2)) $(( (1 << 2) + 1 ))")]
    [InlineData("((x = 1 << 2)); echo $x")]
    [InlineData("echo # if ( <<EOF")]
    [InlineData("echo a // if ( <<EOF")]
    [InlineData("if=1 while=2 env")]
    [InlineData("iffy; format; done-with-it")]
    [InlineData("if a; then b; elif c; then d; else e; fi")]
    [InlineData("if a; then { b; } fi")]
    [InlineData("if a; then if b; then c; fi fi; for i in 1; do (a) done")]
    [InlineData("for if in if for case; do echo $if; done")]
    [InlineData("for i; do echo $i; done > out")]
    [InlineData("while ! a; do b; done | sort")]
    [InlineData("for ((i = 0; i < 3; i++)); do echo $i; done")]
    [InlineData("case $x in if) a;; for|while) b;; (until | case) c;; esac")]
    [InlineData("case if in if|for) if a; then b; fi;; \"(\") c;& *) d; esac && e")]
    [InlineData("case in in esac; case x in \\(*) a ;;& esac")]
    [InlineData("case $x in [a-z]*) case $y in z) a;; esac;; esac")]
    [InlineData("case $(a) in $(b)) c;; 'd') e;; esac")]
    [InlineData("f() { a; }; f && ( b; c ) | { d; e; }")]
    [InlineData("if a; then \\\n  b; \\\nfi")]
    [InlineData("case a in \\\n  a) b ;; \\\n  esac")]
    [InlineData("find . \\( -name a -o -name b \\) -print")]
    [InlineData("cat <<EOF@raw(LINES)")]
    [InlineData("@retry(3) { if a; then b; fi; case c in d) e;; esac }")]
    [InlineData("sh -c @var(LINES)")]
    public void What_ends_where_its_statement_ends_is_not(string text)
        => Assert.Equal("", SyntaxText.Errors($"c: {text}\nvar LINES = `\ntext\nEOF`\n"));

    [Fact]
    public void What_stands_below_is_read_as_statements_again()
        => Assert.Equal(
            ["commands.cli:2:9: error LS1039", "commands.cli:5:8: error LS1026", "commands.cli:6:3: error LS1038"],
            SyntaxText.Errors("c: {\n    cat <<EOF\n  it's\nEOF\n  echo \"\n  (\n}\n").Split('\n')
                .Where(line => line.StartsWith("commands.cli:", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(": ", 20, StringComparison.Ordinal)]));
}
