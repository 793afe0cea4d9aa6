using Lockstep.Processes.Shell;

namespace Lockstep.Tests.Processes.Shell;

public sealed class ShellScriptTests
{
    [Fact]
    public void Text_without_values_is_given_as_it_is() =>
        Assert.Equal("echo $HOME | wc", Script(ShellPiece.Code("echo $HOME | wc")).Text);

    [Fact]
    public void Values_become_variables_filled_from_arguments()
    {
        var script = Script(
            ShellPiece.Code("cp "), new(PieceKind.Bare, "a b"), ShellPiece.Code(" \"to "), new(PieceKind.DoubleQuoted, "$x"), ShellPiece.Code("\" "),
            new(PieceKind.Bare, "a b"));
        Assert.Equal("_ls1=${1} _ls2=${2};shift 2;cp \"${_ls1}\" \"to ${_ls2}\" \"${_ls1}\"", script.Text);
        Assert.Equal("a b|$x", string.Join('|', script.Values));
    }

    [Theory]
    [InlineData("5", "$((5+1))")]
    [InlineData("-3", "$(((-3)+1))")]
    [InlineData("0xfF", "$((0xfF+1))")]
    public void A_number_may_stand_in_arithmetic(string value, string expected) =>
        Assert.Equal(expected, Script(ShellPiece.Code("$(("), new(PieceKind.Arithmetic, value), ShellPiece.Code("+1))")).Text);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("0x")]
    [InlineData("x")]
    [InlineData("1+1")]
    [InlineData("a[$(id)]")]
    public void Nothing_else_may_stand_in_arithmetic(string value) =>
        Assert.Equal(1, Assert.IsType<RenderedScript.Refused>(
            ShellScript.Render([ShellPiece.Code("echo $(("), new(PieceKind.Arithmetic, value), ShellPiece.Code("))")])).Piece);

    [Fact]
    public void A_value_with_NUL_is_refused_without_showing_it()
    {
        var refused = Assert.IsType<RenderedScript.Refused>(ShellScript.Render([ShellPiece.Code("echo "), new(PieceKind.Bare, "s3cret\0")]));
        Assert.Equal(1, refused.Piece);
        Assert.DoesNotContain("s3cret", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a | b", true)]
    [InlineData("a|b", true)]
    [InlineData("x=$(a | b)", true)]
    [InlineData("echo \"$(a | b)\"", true)]
    [InlineData("a |\nb || c", true)]
    [InlineData("a || b", false)]
    [InlineData("echo '|' \"|\" \\|", false)]
    [InlineData("a >| b", false)]
    [InlineData("grep 'a|b' \"it's|\" x", false)]
    public void Pipes_are_found(string text, bool pipe) =>
        Assert.Equal(pipe, ShellScript.HasPipe([ShellPiece.Code(text)]));

    private static RenderedScript.Script Script(params ShellPiece[] pieces) => Assert.IsType<RenderedScript.Script>(ShellScript.Render(pieces));
}
