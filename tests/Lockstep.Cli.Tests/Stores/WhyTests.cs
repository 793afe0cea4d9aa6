namespace Lockstep.Cli.Tests.Stores;

public sealed class WhyTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("""
        deploy(env): {
          echo build @var(env)
          sh -c 'test -f ok || exit 3'
          echo ship
        }

        """);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Why_answers_for_a_step_and_for_the_run()
    {
        _scenario.Run("deploy", "prod").Failed(3);
        var step = _scenario.Run("why", "last", "deploy/3").Succeeded().Out;
        Assert.Matches(@"^deploy/3 of run-\S+  failed\n  \d\d:\d\d:\d\d\.\d\d\d skipped +deploy/2 did not succeed\n$", step);
        var run = _scenario.Run("why").Succeeded().Out;
        Assert.Contains("exit code 3, because of deploy/2: exit code 3", run, StringComparison.Ordinal);
        Assert.Contains("  env = prod  given on the command line\n", run, StringComparison.Ordinal);
        Assert.Contains("  running deploy/1\n", run, StringComparison.Ordinal);
    }

    [Fact]
    public void Why_is_a_document_too()
    {
        _scenario.Run("deploy", "prod").Failed(3);
        var json = _scenario.Run("why", "last", "1", "--json").Succeeded().Json;
        Assert.Equal("deploy/1", json.GetProperty("step").GetString());
        Assert.Equal(["ran", "succeeded"], json.GetProperty("answers").EnumerateArray().Select(answer => answer.GetProperty("about").GetString()));
        Assert.Equal("prod", json.GetProperty("values")[0].GetProperty("text").GetString());
        Assert.Equal("running", json.GetProperty("time")[0].GetProperty("what").GetString());
    }

    [Fact]
    public void A_step_that_is_not_there_is_not_found()
    {
        _scenario.Run("deploy", "prod").Failed(3);
        Assert.Contains("has no step 'nowhere'", _scenario.Run("why", "last", "nowhere").Failed(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_says_by_its_exit_code_whether_two_runs_ended_in_the_same_way()
    {
        _scenario.Run("deploy", "prod").Failed(3);
        var first = _scenario.Run("show", "--json").Succeeded().Json.GetProperty("run").GetString()!;
        Assert.EndsWith("\nThey ended in the same way.\n", _scenario.Run("compare", first, first).Succeeded().Out, StringComparison.Ordinal);
        _scenario.With("ok", "").Run("rerun", first, "--from", "2", "--input", "env=dev").Succeeded();
        var compared = _scenario.Run("compare", first, "last").Failed(1).Out;
        Assert.Contains("\n≠ deploy/3  skipped ", compared, StringComparison.Ordinal);
        Assert.Contains("\n  deploy/1  succeeded ", compared, StringComparison.Ordinal);
        Assert.Contains("\nValues that differ\n  env: prod → dev\n\nThey ended differently.\n", compared, StringComparison.Ordinal);

        var json = _scenario.Run("compare", first, "last", "--json").Failed(1).Json;
        Assert.False(json.GetProperty("equal").GetBoolean());
        Assert.Equal(["deploy/1", "deploy/2", "deploy/3"], json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("step").GetString()));
        Assert.Equal("skipped", json.GetProperty("steps")[2].GetProperty("first").GetProperty("status").GetString());
        Assert.Equal("succeeded", json.GetProperty("steps")[2].GetProperty("second").GetProperty("status").GetString());
        Assert.Equal("dev", json.GetProperty("values")[0].GetProperty("second").GetString());
    }
}
