using System.Reflection;
using System.Text.RegularExpressions;

namespace Lockstep.Tests.Shape;

public sealed partial class Names
{
    private static readonly string[] Forbidden = ["Helper", "Util", "Common", "Manager", "Base", "Impl", "Info", "Data", "Abstractions"];

    /// <summary>The seams: each has, or will have, two real implementations.</summary>
    private static readonly string[] Interfaces = ["IRunJournal", "ILeaseStore", "IRunDispatcher"];

    [Fact]
    public void No_name_says_nothing()
    {
        var empty = from file in Repository.SourceFiles()
                    from Match declared in Declaration().Matches(File.ReadAllText(file))
                    let name = declared.Groups["name"].Value
                    where Words(name).Any(IsForbidden)
                    select $"{Repository.Relative(file)}: {name}";
        Assert.Empty(empty);
    }

    [Fact]
    public void No_folder_or_file_says_nothing()
    {
        var empty = from file in Repository.SourceFiles()
                    from part in Repository.Relative(file).Split('/', '.')
                    where Words(part).Any(IsForbidden)
                    select Repository.Relative(file);
        Assert.Empty(empty.Distinct());
    }

    [Fact]
    public void The_only_interfaces_are_the_seams()
    {
        var declared = from file in Repository.SourceFiles("src")
                       from Match match in Declaration().Matches(File.ReadAllText(file))
                       where match.Groups["kind"].Value == "interface"
                       select match.Groups["name"].Value;
        Assert.Empty(declared.Except(Interfaces));
    }

    [Fact]
    public void Every_class_that_is_not_abstract_is_sealed()
    {
        var open = from type in typeof(Lockstep.Plans.Plan).Assembly.GetTypes()
                   where type is { IsClass: true, IsAbstract: false, IsSealed: false, Namespace: { } name } && name.StartsWith("Lockstep", StringComparison.Ordinal)
                   where type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is null
                   select type.FullName;
        Assert.Empty(open);
    }

    [Fact]
    public void Folders_are_namespaces()
    {
        var astray = from file in Repository.SourceFiles("src", "tests")
                     let declared = NamespaceDeclaration().Match(File.ReadAllText(file))
                     where declared.Success
                     let path = Repository.Relative(Path.GetDirectoryName(file)!)
                     let expected = string.Join('.', path.Split('/').Skip(1))
                     where declared.Groups["name"].Value != expected
                     select $"{Repository.Relative(file)}: {declared.Groups["name"].Value}";
        Assert.Empty(astray);
    }

    private static bool IsForbidden(string word)
        => Forbidden.Any(name => word == name || word == name + "s" || word == name + "ities");

    private static IEnumerable<string> Words(string name) => Word().Matches(name).Select(match => match.Value);

    [GeneratedRegex(@"^\s*(?:\[[^\]]*\]\s*)?(?:(?:public|internal|private|protected|file|sealed|abstract|static|partial|readonly|ref|unsafe)\s+)*(?<kind>class|record struct|record|struct|enum|interface)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Word();
}
