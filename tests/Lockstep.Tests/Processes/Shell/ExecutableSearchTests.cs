using Lockstep.Processes.Shell;

namespace Lockstep.Tests.Processes.Shell;

public sealed class ExecutableSearchTests
{
    private readonly ExecutableSearch _search = new();

    [Fact]
    public void The_first_executable_file_on_PATH_is_found()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/tool", "not executable");
        Directory.CreateDirectory(folder["b/tool"]);
        Directory.CreateDirectory(folder["c"]);
        var tool = folder.WriteProgram("c/tool", "");
        Assert.Equal(new SearchResult.Found(tool), _search.Find("tool", $"{folder["a"]}:{folder["b"]}:/nowhere:{folder["c"]}", "/"));
    }

    [Fact]
    public void A_file_that_may_not_be_executed_is_told_when_there_is_no_other()
    {
        using var folder = new TemporaryFolder();
        var tool = folder.Write("tool", "");
        Assert.Equal(new SearchResult.NotExecutable(tool), _search.Find("tool", folder.Path, "/"));
        Assert.Equal(new SearchResult.NotExecutable(folder["./tool"]), _search.Find("./tool", "/usr/bin", folder.Path));
    }

    [Fact]
    public void Relative_and_empty_parts_of_PATH_start_from_the_directory()
    {
        using var folder = new TemporaryFolder();
        var tool = folder.WriteProgram("tool", "");
        Assert.Equal(new SearchResult.Found(tool), _search.Find("tool", ":/nowhere", folder.Path));
        Assert.Equal(new SearchResult.Found(tool), _search.Find("tool", Path.GetFileName(folder.Path), Path.GetDirectoryName(folder.Path)!));
    }

    [Fact]
    public void What_a_step_installs_the_next_one_finds()
    {
        using var folder = new TemporaryFolder();
        Assert.IsType<SearchResult.NotFound>(_search.Find("tool", folder.Path, "/"));
        var tool = folder.WriteProgram("tool", "");
        Assert.Equal(new SearchResult.Found(tool), _search.Find("tool", folder.Path, "/"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no/such/tool")]
    [InlineData("nowhere-tool")]
    [InlineData("a\0b")]
    public void Nothing_is_found_where_nothing_is(string name) => Assert.IsType<SearchResult.NotFound>(_search.Find(name, null, "/"));
}
