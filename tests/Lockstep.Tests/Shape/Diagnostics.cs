using System.Text.RegularExpressions;

namespace Lockstep.Tests.Shape;

public sealed partial class Diagnostics
{
    [Fact]
    public void Every_diagnostic_has_an_entry_in_the_list_of_errors()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "language", "errors.md"));
        Assert.NotEmpty(Ids());
        Assert.All(Ids(), id => Assert.Contains(id, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_diagnostic_has_a_text_that_a_test_holds()
    {
        var held = new HashSet<string>();
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("tests"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs", "language"), "*.md"))
            .Where(file => Path.GetExtension(file) is ".cs" or ".txt" or ".md" && !Repository.Relative(file).Split('/').Any(part => part is "bin" or "obj")))
            foreach (Match golden in Golden().Matches(File.ReadAllText(file)))
                held.Add(golden.Groups["id"].Value);
        Assert.Empty(Ids().Except(held));
    }

    [Fact]
    public void No_two_diagnostics_share_an_id()
    {
        var twice = from file in Repository.SourceFiles("src")
                    from Match match in Literal().Matches(File.ReadAllText(file))
                    group file by match.Value into id
                    where id.Count() > 1
                    select $"{id.Key}: {string.Join(", ", id.Select(Repository.Relative))}";
        Assert.Empty(twice);
    }

    private static IEnumerable<string> Ids()
        => Repository.SourceFiles("src").SelectMany(file => Literal().Matches(File.ReadAllText(file))).Select(match => match.Value.Trim('"')).Distinct();

    [GeneratedRegex("\"LS[0-9]{4}\"")]
    private static partial Regex Literal();

    /// <summary>As printed: <c>error LS1012: block decorators nest …</c>.</summary>
    [GeneratedRegex("(?:error|warning) (?<id>LS[0-9]{4}): ")]
    private static partial Regex Golden();
}
