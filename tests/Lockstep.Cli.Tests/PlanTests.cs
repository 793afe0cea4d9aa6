namespace Lockstep.Cli.Tests;

public sealed class PlanTests : IDisposable
{
    private const string Source = """
        var IMAGE = "myapp"

        deploy: {
          @timeout(5m) {
            @parallel {
              docker build -t @var(IMAGE):@sh("echo v1")
              kubectl apply -f ./k8s/staging.yaml
            }
          }
          echo "Deployment complete"
        }

        """;

    private readonly Scenario _scenario = new Scenario().Commands(Source);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_dry_run_prints_the_tree_and_writes_nothing()
    {
        Assert.Equal("""
            deploy:
            ├─ @timeout {5m timeout}
            │  └─ @parallel {2 concurrent}
            │     ├─ docker build -t myapp¹:@sh(echo v1)²
            │     └─ kubectl apply -f ./k8s/staging.yaml
            └─ echo "Deployment complete"

            Legend: Variable mappings (¹ ² ³) shown below
            {¹IMAGE=myapp, ²@sh(echo v1)=<will resolve at runtime>(~exec)}

            """, _scenario.Run("run", "deploy", "--dry-run").Succeeded().Out);
        Assert.False(Directory.Exists(_scenario.Store));
    }

    [Fact]
    public void A_resolved_dry_run_prints_the_values()
        => Assert.Contains("docker build -t myapp¹:v1²\n", _scenario.Run("deploy", "--dry-run", "--resolve").Succeeded().Out, StringComparison.Ordinal);

    [Fact]
    public void Quiet_prints_the_structure_alone()
    {
        var tree = _scenario.Run("deploy", "--dry-run", "-q").Succeeded().Out;
        Assert.DoesNotContain("Legend", tree, StringComparison.Ordinal);
        Assert.DoesNotContain("{", tree, StringComparison.Ordinal);
    }

    [Fact]
    public void Ci_in_the_environment_leaves_the_tree_as_it_is()
        => Assert.Contains("Legend", _scenario.WithVariable("CI", "true").Run("deploy", "--dry-run").Succeeded().Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("--color", "always", true)]
    [InlineData("--color=always", "-n", true)]
    [InlineData("--color=never", "-n", false)]
    [InlineData("--no-color", "-n", false)]
    [InlineData("--color=auto", "-n", false)]
    public void Colour_is_chosen_by_flags(string one, string other, bool coloured)
        => Assert.Equal(coloured, _scenario.Run("deploy", "--dry-run", one, other).Succeeded().Out.Contains('\e'));

    [Fact]
    public void Clicolor_force_colours_off_a_terminal_and_no_color_wins_over_it()
    {
        Assert.Contains('\e', _scenario.WithVariable("CLICOLOR_FORCE", "1").Run("deploy", "-n").Out);
        Assert.DoesNotContain('\e', _scenario.WithVariable("NO_COLOR", "1").Run("deploy", "-n").Out);
    }

    [Theory]
    [InlineData("json", "{")]
    [InlineData("mermaid", "flowchart")]
    [InlineData("dot", "digraph")]
    [InlineData("html", "<!DOCTYPE html>")]
    [InlineData("tree", "deploy:")]
    public void A_plan_has_several_formats(string format, string start)
        => Assert.StartsWith(start, _scenario.Run("plan", "deploy", "--format", format).Succeeded().Out, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_value_that_is_missing_shows_in_the_tree_and_the_plan_does_not_run()
    {
        _scenario.Commands("deploy: echo @env(\"MISSING_KEY\")\n");
        var shown = _scenario.Run("deploy", "--dry-run").Failed(2);
        Assert.StartsWith("deploy:\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains("MISSING_KEY", shown.Error, StringComparison.Ordinal);
        Assert.Equal("", _scenario.Run("deploy").Failed(2).Out);
    }

    [Fact]
    public void A_plan_of_a_definition_with_errors_shows_them_and_ends_with_2()
    {
        var ran = _scenario.Commands("build: echo @var(NOPE)\n").Run("build", "--dry-run").Failed(2);
        Assert.StartsWith("commands.cli:1:", ran.Error, StringComparison.Ordinal);
        Assert.Contains("help: ", ran.Error, StringComparison.Ordinal);
        Assert.Equal("", ran.Out);
        Assert.Equal(1, _scenario.Run("build", "--json").Failed(2).Json.GetProperty("error").GetProperty("diagnostics").GetArrayLength());
    }
}
