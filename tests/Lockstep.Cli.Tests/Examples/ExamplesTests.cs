using System.Runtime.CompilerServices;

namespace Lockstep.Cli.Tests.Examples;

/// <summary>Each example of the repository, in a copy, as its page says to use it.</summary>
public sealed class ExamplesTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void The_web_app_is_built_checked_and_deployed()
    {
        Assert.Equal("", Copy("web-app").Run("deploy").Succeeded().Error);
        Assert.Contains("version 1.4.0, build local", _scenario.Read("deployed/staging/current/index.html"), StringComparison.Ordinal);
        Assert.Equal("1.4.0 local\n", _scenario.Read("deployed/staging/log.txt"));
    }

    [Fact]
    public void The_web_app_goes_to_production_only_when_somebody_agrees()
    {
        Copy("web-app");
        Assert.NotEqual(0, _scenario.Run("deploy", "production").ExitCode);
        Assert.False(_scenario.Exists("deployed/production/log.txt"));
        _scenario.Run("deploy", "production", "--yes").Succeeded();
        Assert.True(_scenario.Exists("deployed/production/current/site.css"));
    }

    [Fact]
    public void The_web_app_refuses_an_environment_it_does_not_know()
    {
        var ran = Copy("web-app").Run("deploy", "moon");
        Assert.NotEqual(0, ran.ExitCode);
        Assert.Contains("there is no environment called moon", ran.Error, StringComparison.Ordinal);
        Assert.False(_scenario.Exists("deployed"));
    }

    [Fact]
    public void A_fault_in_the_web_app_keeps_it_from_being_deployed()
    {
        Copy("web-app").With("src/css/table.css", "table {\n");
        Assert.NotEqual(0, _scenario.Run("deploy").ExitCode);
        Assert.False(_scenario.Exists("deployed"));
    }

    [Fact]
    public void The_languages_agree()
    {
        Assert.EndsWith(" agree: 338350\n", Copy("polyglot").Run("all").Succeeded().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web-app", "deploy")]
    [InlineData("polyglot", "all")]
    public void The_plan_of_an_example_changes_nothing(string example, string command)
    {
        Copy(example);
        var before = Directory.GetFileSystemEntries(_scenario.Project, "*", SearchOption.AllDirectories).Order();
        _scenario.Run(command, "--dry-run").Succeeded();
        Assert.Equal(before, Directory.GetFileSystemEntries(_scenario.Project, "*", SearchOption.AllDirectories).Order());
    }

    private Scenario Copy(string example, [CallerFilePath] string here = "")
    {
        var from = Path.GetFullPath(Path.Combine(here, "..", "..", "..", "..", "examples", example));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(from, file);
            if (path.Split('/')[0] is not ("build" or "deployed")) _scenario.With(path, File.ReadAllText(file));
        }

        return _scenario;
    }
}
