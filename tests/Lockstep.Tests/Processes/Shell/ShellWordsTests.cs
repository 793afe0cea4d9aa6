using Lockstep.Processes.Shell;

namespace Lockstep.Tests.Processes.Shell;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("make all", "make|all")]
    [InlineData("  make \t -j4  CC=gcc  ", "make|-j4|CC=gcc")]
    [InlineData("git commit -m 'two words' \"and 'more'\"", "git|commit|-m|two words|and 'more'")]
    [InlineData("tool --flag='a b'c \"\" ''", "tool|--flag=a bc||")]
    [InlineData("./script.sh user@host:/path,x+y%z", "./script.sh|user@host:/path,x+y%z")]
    [InlineData("tool żółć '$HOME *'", "tool|żółć|$HOME *")]
    [InlineData("true x", "true|x")]
    [InlineData("echo hello world", "echo|hello|world")]
    public void Plain_text_is_started_directly(string text, string words) =>
        Assert.Equal(words.Split('|'), ShellWords.Split([ShellPiece.Code(text)]));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a; b")]
    [InlineData("a && b")]
    [InlineData("a | b")]
    [InlineData("a &")]
    [InlineData("a > f")]
    [InlineData("a $B")]
    [InlineData("a \"$B\"")]
    [InlineData("a `b`")]
    [InlineData("a \"`b`\"")]
    [InlineData("a \\b")]
    [InlineData("a \"\\b\"")]
    [InlineData("a *.c")]
    [InlineData("a [x]")]
    [InlineData("a ?")]
    [InlineData("a ~/x")]
    [InlineData("a {b,c}")]
    [InlineData("a # b")]
    [InlineData("a\nb")]
    [InlineData("a 'b")]
    [InlineData("a \"b")]
    [InlineData("A=1 b")]
    [InlineData("(a)")]
    [InlineData("! a")]
    [InlineData("if")]
    [InlineData("cd /")]
    [InlineData("'cd' /")]
    [InlineData("exec a")]
    [InlineData("test -f x")]
    [InlineData("printf x")]
    [InlineData("pwd")]
    [InlineData("true --help")]
    [InlineData("echo -n x")]
    [InlineData("echo 'a\\nb'")]
    [InlineData("'' a")]
    public void Anything_else_is_left_to_the_shell(string text) =>
        Assert.Null(ShellWords.Split([ShellPiece.Code(text)]));

    [Fact]
    public void A_value_is_one_word_or_part_of_one() =>
        Assert.Equal(
            (string[])["tool", "a b", "x;rm -rf:1", "pre$(id)post", ""],
            ShellWords.Split(
            [
                ShellPiece.Code("tool "), new(PieceKind.Bare, "a b"), ShellPiece.Code(" "), new(PieceKind.Bare, "x;rm -rf"), ShellPiece.Code(":1 \"pre"),
                new(PieceKind.DoubleQuoted, "$(id)"), ShellPiece.Code("post\" "), new(PieceKind.Bare, ""),
            ]));

    [Theory]
    [InlineData("cd")]
    [InlineData("if")]
    [InlineData("A=1")]
    [InlineData("")]
    public void A_value_that_names_the_program_is_held_to_the_same_rules(string value) =>
        Assert.Null(ShellWords.Split([new(PieceKind.Bare, value), ShellPiece.Code(" x")]));
}
