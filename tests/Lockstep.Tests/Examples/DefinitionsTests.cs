using Lockstep.Commands;
using Lockstep.Source;
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
        var file = Read(path);
        var bag = new DiagnosticBag();
        bag.AddRange(file.Diagnostics);
        file.CheckAll(bag);
        var said = new StringWriter();
        DiagnosticWriter.Write(said, bag.ToImmutable());
        Assert.Equal("", said.ToString());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_command_of_ours_says_what_it_is_for(string path)
    {
        var file = Read(path);
        Assert.Empty(file.Commands.Where(command => command.Description(file.Source) is null).Select(command => command.Name));
    }

    private static CommandFile Read(string path) => CommandFile.Read(path, File.ReadAllBytes(Repository.PathOf(path)));
}
