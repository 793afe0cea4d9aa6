namespace Lockstep.Tests.Commands.Parsing;

public sealed class ShellTextTests
{
    private static string Shell(string text) => SyntaxText.Body($"c: {text}\n");

    [Theory]
    [InlineData("ssh deploy@host")]
    [InlineData("mail a@b.org")]
    [InlineData("npm i @scope/pkg")]
    [InlineData("docker run --user @(id -u)")]
    [InlineData("pkg@1.2.3")]
    [InlineData("git clone git@github.com:o/r.git")]
    [InlineData("echo @env @var @parallel @log")]
    [InlineData("echo $@ \"$@\" ${@}")]
    [InlineData("echo user@log(x)")]
    [InlineData("echo '@var(X)' '\\@'")]
    [InlineData("curl http://x//y # @var(X)")]
    [InlineData("echo a; echo b")]
    [InlineData("echo } { {} ${X} a{b,c}")]
    [InlineData("awk '{print}' f && find . -exec rm {} \\;")]
    [InlineData("for i in 1 2; do echo $i; done")]
    [InlineData("echo $((1 + (2 * 3)))")]
    [InlineData("echo `date` $(date \"+%Y\")")]
    [InlineData("cat a >> b 2>> c &>> d")]
    [InlineData("a | b || c && d &")]
    [InlineData("echo \"it's\" 'say \"x\"' it\\'s")]
    [InlineData("echo a#b a//b")]
    public void Text_that_holds_no_decorator_goes_to_the_shell_as_it_is(string text) => Assert.Equal($"[{text}]", Shell(text));

    [Theory]
    [InlineData("echo @var(X)", "[echo <Bare:@var(X)>]")]
    [InlineData("@var(X) --flag", "[<Bare:@var(X)> --flag]")]
    [InlineData("push my@var(IMAGE):@env(VERSION,latest)/x", "[push my<Bare:@var(IMAGE)>:<Bare:@env(VERSION, latest)>/x]")]
    [InlineData("echo \"a @var(X) b\"", "[echo \"a <DoubleQuoted:@var(X)> b\"]")]
    [InlineData("echo \"API: @env(\"API_URL\", default = \"http://localhost\")\"", "[echo \"API: <DoubleQuoted:@env('API_URL', default = 'http://localhost')>\"]")]
    [InlineData("echo `cat @var(F)`", "[echo `cat <Bare:@var(F)>`]")]
    [InlineData("echo \"$(cat @var(F) \"@var(F)\")\"", "[echo \"$(cat <Bare:@var(F)> \"<DoubleQuoted:@var(F)>\")\"]")]
    [InlineData("echo ${X:-@var(D)} \"${X:-@var(D)}\" \"${X#@var(D)}\"", "[echo ${X:-<Bare:@var(D)>} \"${X:-<DoubleQuoted:@var(D)>}\" \"${X#<Bare:@var(D)>}\"]")]
    [InlineData("echo $((@var(N) + (@var(M))))", "[echo $((<Arithmetic:@var(N)> + (<Arithmetic:@var(M)>)))]")]
    [InlineData("echo $((echo a); echo @var(X))", "[echo $((echo a); echo <Bare:@var(X)>)]")]
    [InlineData("eval @raw(CMD) \"@raw(CMD)\"", "[eval <Raw:@raw(CMD)> \"<Raw:@raw(CMD)>\"]")]
    [InlineData("echo @env(variable = \"KEY\", default = x)", "[echo <Bare:@env(variable = 'KEY', default = x)>]")]
    [InlineData("echo `echo '@var(X)'` '@var(X)' @var(X)", "[echo `echo '@var(X)'` '@var(X)' <Bare:@var(X)>]")]
    [InlineData("echo @http(U, ttl = 1h30m, path = `a.b`,)", "[echo <Bare:@http(U, ttl = 01:30:00, path = 'a.b')>]")]
    public void A_value_decorator_is_found_with_the_quoting_of_its_place(string text, string expected) => Assert.Equal(expected, Shell(text));

    [Fact]
    public void An_escaped_at_is_an_at() => Assert.Equal("[echo @var(X) \"@log(x)\" @]", Shell("echo \\@var(X) \"\\@log(x)\" \\@"));

    [Theory]
    [InlineData("echo a // b")]
    [InlineData("echo a //")]
    [InlineData("echo a\t// @cmd(x)")]
    [InlineData("echo a // ) } 'x")]
    public void Two_slashes_between_blanks_begin_a_comment(string text) => Assert.Equal("[echo a]", Shell(text));

    [Theory]
    [InlineData("echo 'a // b'")]
    [InlineData("echo \"a // b\"")]
    [InlineData("echo $(echo a // b)")]
    public void Two_slashes_in_quotes_are_text(string text) => Assert.Equal($"[{text}]", Shell(text));

    [Theory]
    [InlineData("a \\\n    b", "[a  b]")]
    [InlineData("a\\\r\n\tb", "[a b]")]
    [InlineData("echo \"a\\\n  b\"", "[echo \"a b\"]")]
    [InlineData("echo 'a\\\n  b'", "[echo 'a b']")]
    [InlineData("\\\n  a", "[a]")]
    [InlineData("a\\\\", "[a\\\\]")]
    public void An_escaped_line_end_becomes_one_space(string text, string expected) => Assert.Equal(expected, Shell(text));

    [Theory]
    [InlineData("@cmd(build)", "@cmd(build)")]
    [InlineData("@cmd(build) // why", "@cmd(build)")]
    [InlineData("@cmd(build) # why", "@cmd(build)")]
    [InlineData("@log(\"hi @var(X)\", level = \"warn\")", "@log('hi <Text:@var(X)>', level = 'warn')")]
    [InlineData("@log(\"v @env(\"V\", default = \"x\")!\")", "@log('v <Text:@env('V', default = 'x')>!')")]
    [InlineData("@log('hi @var(X)')", "@log('hi @var(X)')")]
    [InlineData("@log(`two\nlines`)", "@log('two\nlines')")]
    [InlineData("@needs(a, b)", "@needs(a, b)")]
    [InlineData("@cmd(a) && @cmd(b) || echo no | cat", "chain(@cmd(a) And @cmd(b) Or [echo no] Pipe [cat])")]
    [InlineData("echo x && @cmd(b)", "chain([echo x] And @cmd(b))")]
    [InlineData("@cmd(a) >> out.txt && b", "chain(@cmd(a) Append [out.txt] And [b])")]
    [InlineData("echo a >> f && @cmd(b)", "chain([echo a >> f] And @cmd(b))")]
    [InlineData("(a && b) | @cmd(c)", "chain([(a && b)] Pipe @cmd(c))")]
    [InlineData("if a; then b && c; fi && @cmd(d)", "chain([if a; then b && c; fi] And @cmd(d))")]
    [InlineData("echo 'a && b' \"c | d\" && @cmd(x, \"&& y\")", "chain([echo 'a && b' \"c | d\"] And @cmd(x, '&& y'))")]
    [InlineData("cat <&3 2>&1 >|f | @cmd(a)", "chain([cat <&3 2>&1 >|f] Pipe @cmd(a))")]
    public void Only_a_chain_with_an_action_is_taken_apart(string text, string expected) => Assert.Equal(expected, Shell(text));
}
