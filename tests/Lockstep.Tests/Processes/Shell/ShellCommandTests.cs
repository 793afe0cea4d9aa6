using Lockstep.Processes;
using Lockstep.Processes.Shell;

namespace Lockstep.Tests.Processes.Shell;

public sealed class ShellCommandTests
{
    private const string Path = "/usr/bin:/bin";

    private const string Print = "/usr/bin/printf";

    [Fact]
    public void Any_value_arrives_unchanged_wherever_it_stands() => ProcessLoop.Run(async loop =>
    {
        foreach (var value in Values())
        {
            foreach (var shell in (string[])["/bin/dash", "/bin/bash"])
            {
                var script = Assert.IsType<RenderedScript.Script>(ShellScript.Render(Everywhere(value)));
                var ended = await loop.End(new(shell, ["-c", script.Text, "sh", .. script.Values]) { Name = "sh" });
                Assert.Equal(("", Expected(value)), (ended.Errors, ended.Output));
            }
            var direct = Assert.IsType<ShellCommand.Ready>(ShellCommand.Prepare(Directly(value), new(), Path, "/"));
            Assert.Equal(Print, direct.Executable);
            Assert.Equal($"[{value}][x{value}y]", (await loop.End(new(direct.Executable, direct.Arguments))).Output);
        }
        return 0;
    });

    [Fact]
    public void A_dollar_sign_before_a_value_stays_a_dollar_sign() => ProcessLoop.Run(async loop =>
    {
        ShellPiece[] pieces =
        [
            ShellPiece.Code("printf '[%s]' \"cost: $"), new(PieceKind.DoubleQuoted, "5"), ShellPiece.Code("\" $"), new(PieceKind.Bare, "HOME"),
            ShellPiece.Code(" \"\\$"), new(PieceKind.DoubleQuoted, "(id)"), ShellPiece.Code("\" `echo \"$"), new(PieceKind.DoubleQuoted, "7"), ShellPiece.Code("\"`"),
        ];
        Assert.Equal("[cost: $5][$HOME][$(id)][$7]", (await Run(loop, pieces)).Output);
        return 0;
    });

    [Fact]
    public void Line_numbers_of_messages_are_those_of_the_text() => ProcessLoop.Run(async loop =>
    {
        var ended = await Run(loop, [ShellPiece.Code("x="), new(PieceKind.Bare, "a\nb\nc"), ShellPiece.Code("; nowhere-tool")]);
        Assert.Equal(127, ended.Exit.Code);
        Assert.Contains("sh: 1:", ended.Errors.Replace("line ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        return 0;
    });

    [Fact]
    public void The_text_sees_no_arguments_of_its_own() => ProcessLoop.Run(async loop =>
    {
        Assert.Equal("sh 0\n", (await Run(loop, [ShellPiece.Code("echo $0 $# \"$@\""), ShellPiece.Code("; : "), new(PieceKind.Bare, "v")])).Output);
        return 0;
    });

    [Theory]
    [InlineData("false | true", 1)]
    [InlineData("(exit 3) | cat", 3)]
    [InlineData("true | true", 0)]
    [InlineData("x=$(false | true)", 1)]
    [InlineData("false || true", 0)]
    public void A_pipe_fails_if_any_part_fails(string text, int code) => ProcessLoop.Run(async loop =>
    {
        Assert.Equal(code, (await Run(loop, [ShellPiece.Code(text)])).Exit.Code);
        return 0;
    });

    [Fact]
    public void A_pipe_does_not_change_what_echo_prints() => ProcessLoop.Run(async loop =>
    {
        Assert.Equal((await Run(loop, [ShellPiece.Code("echo \"a\\tb\"; echo -n c")])).Output, (await Run(loop, [ShellPiece.Code("(echo \"a\\tb\"; echo -n c) | cat")])).Output);
        return 0;
    });

    [Theory]
    [InlineData("-c")]
    [InlineData("+x; true")]
    [InlineData("-o | cat")]
    public void Text_that_begins_like_an_option_is_text_all_the_same(string text) => ProcessLoop.Run(async loop =>
    {
        Assert.Contains("not found", (await Run(loop, [ShellPiece.Code(text), ShellPiece.Code(" ;")])).Errors, StringComparison.Ordinal);
        return 0;
    });

    [Fact]
    public void Builtins_need_no_path() => ProcessLoop.Run(async loop =>
    {
        var ready = Assert.IsType<ShellCommand.Ready>(ShellCommand.Prepare([ShellPiece.Code("echo hello")], new(), "/nowhere", "/"));
        Assert.Equal("hello\n", (await loop.End(new(ready.Executable, ready.Arguments))).Output);
        return 0;
    });

    [Fact]
    public void Without_bash_a_pipe_runs_in_sh_all_the_same() => ProcessLoop.Run(async loop =>
    {
        var ready = Assert.IsType<ShellCommand.Ready>(ShellCommand.Prepare([ShellPiece.Code("echo a | tr a b")], new(), "/nowhere", "/"));
        Assert.Equal("/bin/sh", ready.Executable);
        var ended = await loop.End(new(ready.Executable, ready.Arguments));
        Assert.Equal(("b\n", ""), (ended.Output, ended.Errors));
        return 0;
    });

    [Fact]
    public void A_missing_program_exits_127() =>
        Assert.Equal(
            new ShellCommand.Unstartable(127, "There is no program 'nowhere-tool' on PATH. Install it, or check its name."),
            ShellCommand.Prepare([ShellPiece.Code("nowhere-tool x")], new(), Path, "/"));

    [Fact]
    public void A_value_with_NUL_is_refused() =>
        Assert.Equal(1, Assert.IsType<ShellCommand.BadValue>(
            ShellCommand.Prepare([ShellPiece.Code("tool "), new(PieceKind.Bare, "\0")], new(), Path, "/")).Piece);

    private static Task<Ended> Run(ProcessLoop loop, ShellPiece[] pieces)
    {
        var ready = Assert.IsType<ShellCommand.Ready>(ShellCommand.Prepare(pieces, new(), Path, "/"));
        return loop.End(new(ready.Executable, ready.Arguments) { Name = ready.Name });
    }

    private static ShellPiece[] Everywhere(string value) =>
    [
        ShellPiece.Code($"{Print} '[%s]' "), new(PieceKind.Bare, value), ShellPiece.Code(" x"), new(PieceKind.Bare, value), ShellPiece.Code("y \"x"),
        new(PieceKind.DoubleQuoted, value), ShellPiece.Code("y\" \"`printf %s. "), new(PieceKind.Bare, value), ShellPiece.Code("`\" \"$(printf %s. \""),
        new(PieceKind.DoubleQuoted, value), ShellPiece.Code("\")\"; v="), new(PieceKind.Bare, value), ShellPiece.Code($"; {Print} '[%s]' \"$v\""),
    ];

    private static string Expected(string value) => $"[{value}][x{value}y][x{value}y][{value}.][{value}.][{value}]";

    private static ShellPiece[] Directly(string value) =>
    [
        ShellPiece.Code($"{Print} '[%s]' "), new(PieceKind.Bare, value), ShellPiece.Code(" \"x"), new(PieceKind.DoubleQuoted, value), ShellPiece.Code("y\""),
    ];

    private static IEnumerable<string> Values()
    {
        yield return "";
        yield return "plain";
        yield return "\"; rm -rf x; $(id) `id`";
        yield return "'; echo oops; '";
        yield return "\\\n$HOME ${HOME} $((1+1)) $1 $@ * ? [a] ~ {a,b} !x #y & | > < ( )";
        yield return "ends in newlines\n\n";
        yield return "-n";
        yield return "%s%d\\n";
        yield return string.Concat(Enumerable.Range(1, 127).Select(static c => (char)c));
        yield return "é → 😀 \u00a0\u2028";
        var count = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1" ? 5000 : 60;
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            yield return new([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Any(random))]);
        }
    }

    private static char Any(Random random)
    {
        const string Special = "\"'`$\\ \t\n;&|(){}<>*?[]~#!=-%a1";
        return random.Next(3) == 0 ? (char)random.Next(1, 0xd800) : Special[random.Next(Special.Length)];
    }
}
