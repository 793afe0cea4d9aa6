using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Commands;
using Lockstep.Commands.Formatting;
using Lockstep.Source;
using Lockstep.Tests.Commands.Parsing;

namespace Lockstep.Tests.Commands.Formatting;

public sealed class PropertyTests
{
    private static readonly string[] Fragments =
    [
        "@var(X)", "@env(\"K\", default = \"d\")", "@cmd(a)", "@log(\"x @var(Y)\")", "@parallel {", "@timeout(5m) {", "@when(E) {", "@try {", "@raw(X)",
        "@when(\"OS\", \"linux\": \"make\")", "@nope(", "main:", "x: ", "{", "}", "{ ", " }", "(", ")", "\"", "'", "`", "$(", "$((", "${", "\\", "\\\n", "\n",
        "\r\n", ";", "&&", "||", "|", ">>", "#", " // ", " ", "\t", "=", ",", "var A", "var (", "watch ", "1h30m", "-3.14", "[", "\0", "é", "😀", "if ", "; fi",
        "a: b\n", "    ", "\\@", "build: {\n", "}\n", "# comment\n", "@log(`", "`)", "a; b", "echo hi",
    ];

    private static Arbitrary<string> Texts { get; } = Gen.OneOf(
        Gen.Elements(Fragments).ArrayOf().Select(parts => "c: " + string.Concat(parts)),
        Gen.Elements(Fragments).ArrayOf().Select(string.Concat),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).ToArbitrary();

    private static void Check(Action<string> property) => Prop.ForAll(Texts, property).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(40));

    [Fact]
    public void Any_bytes_give_commands_or_errors() => Prop.ForAll<byte[]>(bytes =>
    {
        var bag = new DiagnosticBag();
        CommandFile.Read("commands.cli", bytes ?? []).CheckAll(bag);
        Assert.InRange(bag.Count, 0, DiagnosticBag.Limit);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Any_text_gives_commands_or_errors() => Check(text => SyntaxText.Errors(text));

    [Fact]
    public void Formatting_again_changes_nothing() => Check(text =>
    {
        if (SyntaxFormatter.Format(SyntaxText.Read(text), new DiagnosticBag()) is not { } formatted) return;
        Assert.Equal(formatted, SyntaxFormatter.Format(SyntaxText.Read(formatted), new DiagnosticBag()));
    });

    [Fact]
    public void Formatting_changes_no_meaning() => Check(text =>
    {
        var file = SyntaxText.Read(text);
        if (SyntaxFormatter.Format(file, new DiagnosticBag()) is { } formatted) Assert.Equal(SyntaxText.Of(file), SyntaxText.Of(SyntaxText.Read(formatted)));
    });

    [Fact]
    public void A_body_is_the_same_read_alone_or_with_the_file() => Check(text =>
    {
        var file = SyntaxText.Read(text);
        foreach (var header in file.Commands)
        {
            var alone = SyntaxText.Read(file.Source.Text[header.Span.Start..header.Span.End]);
            Assert.Equal(header.Name, alone.Commands[0].Name);
        }
    });
}
