using Lockstep.Commands.Formatting;
using Lockstep.Source;
using Lockstep.Tests.Commands.Parsing;

namespace Lockstep.Tests.Commands.Formatting;

public sealed class FormatterTests
{
    private static string Format(string text)
    {
        var bag = new DiagnosticBag();
        var formatted = SyntaxFormatter.Format(SyntaxText.Read(text), bag);
        Assert.Equal("", SyntaxText.Errors(bag));
        Assert.Equal(formatted, SyntaxFormatter.Format(SyntaxText.Read(formatted!), bag));
        Assert.Equal(SyntaxText.Of(SyntaxText.Read(text)), SyntaxText.Of(SyntaxText.Read(formatted!)));
        return formatted!;
    }

    [Theory]
    [InlineData("build:npm run build", "build: npm run build\n")]
    [InlineData("  build  :   npm   run  build  \n\n\n", "build: npm   run  build\n")]
    [InlineData("watch   dev( a,b=\"x\" ) : x\nstop dev:y", "watch dev(a, b = \"x\"): x\nstop dev: y\n")]
    [InlineData("var   A=1\nvar(\n B   = 5m   // x\n\n\n# c\nC=@env( \"X\",default=y )\n)", "var A = 1\nvar (\n    B = 5m // x\n\n    # c\n    C = @env(\"X\", default = y)\n)\n")]
    [InlineData("", "")]
    [InlineData("\n\n# only\n\n\n\n// comments  \n\n", "# only\n\n// comments\n")]
    [InlineData("c:{a;b;}", "c: { a; b }\n")]
    [InlineData("c:{}", "c: { }\n")]
    [InlineData("c:{\n\n}", "c: {\n}\n")]
    [InlineData("c: @parallel{ // two\n\n  a // x\n\n\n # why\n  b\n\n}", "c: @parallel { // two\n    a // x\n\n    # why\n    b\n}\n")]
    [InlineData("c:@timeout( 5m ){@parallel{a;b}}", "c: @timeout(5m) { @parallel {a;b}}\n", true)]
    [InlineData("c: @when( ENV ){\nproduction:a;b\nstaging:{\nc\n}\n}", "c: @when(ENV) {\n    production: a;b\n    staging: {\n        c\n    }\n}\n")]
    [InlineData("c: @when(ENV) { p: a;b; s:{ c } }", "c: @when(ENV) { p: a; b; s: { c } }\n")]
    [InlineData("c: { @retry(3){ a }; @parallel{ b } }", "c: { @retry(3) { a }; @parallel { b } }\n")]
    [InlineData("c: @when( \"OS\",\"linux\":\"make\" )", "c: @when(\"OS\", \"linux\": \"make\")\n")]
    [InlineData("c: a \\\n     && b", "c: a \\\n     && b\n")]
    [InlineData("c: @with(A = \"x\", \\\n        B = \"y\") {\na\n}", "c: @with(A = \"x\", \\\n        B = \"y\") {\n    a\n}\n")]
    [InlineData("c: @log(  `a\n  b`  )", "c: @log(`a\n  b`)\n")]
    [InlineData("c: a\r\nd: {\r\n b\r\n}\r\n", "c: a\nd: {\n    b\n}\n")]
    [InlineData("c: {\n@timeout(1s) {\na\n} }", "c: {\n    @timeout(1s) {\n        a\n    }\n}\n")]
    [InlineData("t: @try {main: a; finally: { //c } }\n", "t: @try { main: a; finally: { //c } }\n")]
    public void There_is_one_form(string text, string expected, bool isNotClosed = false)
    {
        if (isNotClosed) Assert.Null(SyntaxFormatter.Format(SyntaxText.Read(text), new DiagnosticBag()));
        else Assert.Equal(expected, Format(text));
    }

    [Fact]
    public void A_file_with_errors_is_left_alone()
    {
        var bag = new DiagnosticBag();
        Assert.Null(SyntaxFormatter.Format(SyntaxText.Read("build npm"), bag));
        Assert.True(bag.HasErrors);
    }
}
