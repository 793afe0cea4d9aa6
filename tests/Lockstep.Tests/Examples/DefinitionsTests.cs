using System.Text;
using Lockstep.Commands;
using Lockstep.Commands.Binding;
using Lockstep.Source;
using Lockstep.Tests.Language;
using Lockstep.Tests.Shape;

namespace Lockstep.Tests.Examples;

public sealed class DefinitionsTests
{
    public static TheoryData<string> Files =>
    [
        "commands.cli",
        .. Directory.EnumerateFiles(Repository.PathOf("examples"), "commands.cli", SearchOption.AllDirectories).Select(Repository.Relative),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Our_own_definitions_read_without_a_word(string path)
    {
        Assert.Equal("", Said(Read(path)));
    }

    [Fact]
    public void The_readme_shows_files_that_can_be_used()
    {
        var shown = GuideExample.Of("README.md", File.ReadAllText(Repository.PathOf("README.md"))).ToList();
        Assert.NotEmpty(shown);
        Assert.All(shown, example => Assert.Equal("", Said(CommandFile.Read("commands.cli", Encoding.UTF8.GetBytes(example.File)))));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_command_of_ours_says_what_it_is_for(string path)
    {
        var file = Read(path);
        Assert.Empty(file.Commands.Where(command => command.Description(file.Source) is null).Select(command => command.Name));
    }

    private static string Said(CommandFile file)
    {
        var bag = new DiagnosticBag();
        bag.AddRange(file.Diagnostics);
        Binder.CheckAll(file, bag);
        var said = new StringWriter();
        DiagnosticWriter.Write(said, bag.ToImmutable());
        return said.ToString();
    }

    private static CommandFile Read(string path) => CommandFile.Read(path, File.ReadAllBytes(Repository.PathOf(path)));
}
