using System.Text.Json;

namespace Lockstep.Cli.Tests;

public sealed class SimulationTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("""
        var VERSION = @sh("git describe")
        build: make all
        deploy: {
            @cmd(build)
            @retry(attempts = 2, delay = 1m) { upload @var(VERSION) }
            @effect("once", verify = "released") { release }
            @confirm("Announce?") { touch announced }
        }
        test: touch tested

        """);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void A_test_prints_what_would_happen_and_runs_nothing()
    {
        var ran = _scenario.Run("test", "deploy", "--mock", "upload *=7");
        Assert.Equal(7, ran.ExitCode);
        Assert.Contains("Simulated: failed, exit code 7, 1m00s on the virtual clock.", ran.Out, StringComparison.Ordinal);
        Assert.Contains("✗ upload", ran.Out, StringComparison.Ordinal);
        Assert.False(_scenario.Exists("announced"));
        Assert.False(Directory.Exists(_scenario.Store));
    }

    [Fact]
    public void A_crash_at_every_point_changes_nothing_of_a_sound_workflow()
    {
        var ran = _scenario.Run("test", "deploy", "--crash-everywhere", "--json", "--junit", "report.xml");
        Assert.Equal(0, ran.ExitCode);
        var crashes = JsonDocument.Parse(ran.Out).RootElement.GetProperty("crashes");
        Assert.True(crashes.GetProperty("points").GetInt32() > 20);
        Assert.Equal(0, crashes.GetProperty("differences").GetInt32());
        Assert.Contains("name=\"crash in effect 3, after it happened (deploy/effect/1)\"", _scenario.Read("report.xml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_crash_that_makes_a_step_happen_twice_is_reported()
    {
        _scenario.With("deploy.mock.json", """{ "steps": { "release": { "verify": 1 } } }""");
        var ran = _scenario.Run("test", "deploy", "--crash-everywhere");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("which may happen only once, happened 2 times instead of 1", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mock_that_names_nothing_is_an_error_with_the_nearest_name()
    {
        var ran = _scenario.Run("test", "deploy", "--mock", "biuld=1");
        Assert.Equal(2, ran.ExitCode);
        Assert.Contains("no step is called 'biuld'", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--mock 'build=…'", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mock_for_the_text_of_a_step_that_is_not_reached_is_a_warning()
    {
        var ran = _scenario.Commands("var V = @sh(\"git describe\")\nsafe: @try {\n  main: true\n  catch: restore @var(V)\n}\n").Run("test", "safe", "--mock", "restore simulated-V=4").Succeeded();
        Assert.Contains("Warning: the mock 'restore simulated-V' was not used: its step did not run", ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, _scenario.Run("test", "safe", "--value", "V=2", "--mock", "restore 2=4").ExitCode);
        Assert.Equal(2, _scenario.Run("test", "safe", "--mock", "restore=4").ExitCode);
    }

    [Fact]
    public void A_branch_that_is_not_taken_is_skipped_and_nothing_runs_when_all_is_over()
    {
        var ran = _scenario.Commands("var V = @sh(\"git describe\")\npick: @when(V) {\n  x: echo x\n  default: echo d\n}\n").Run("test", "pick", "--value", "V=x").Succeeded();
        Assert.Matches("└─ ✓ @when .*\n   ├─ ✓ x: .*\n   │  └─ ✓ echo x.*\n   └─ - default:\n      └─ - echo d\n", ran.Out);
    }

    [Theory]
    [InlineData("{\n  \"steps\": {\n    \"a\": 1,,\n  }\n}\n", "  why: it is no JSON: line 3, byte 12\n")]
    [InlineData("", "  why: it is empty\n")]
    public void Mocks_that_cannot_be_read_are_told_with_their_place(string json, string why)
        => Assert.Contains(why, _scenario.With("deploy.mock.json", json).Run("test", "deploy").Failed(2).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("missing.json", "there is no such file")]
    [InlineData(".", "it is a folder")]
    public void Mocks_that_are_not_there_are_told(string file, string why)
        => Assert.Contains($"  why: {why}\n", _scenario.Run("test", "deploy", "--mocks", file).Failed(4).Error, StringComparison.Ordinal);

    [Fact]
    public void A_command_of_that_name_is_run_with_run()
    {
        Assert.Contains("lockstep run test", _scenario.Run("test").Error, StringComparison.Ordinal);
        Assert.Equal(0, _scenario.Run("run", "test").ExitCode);
        Assert.True(_scenario.Exists("tested"));
    }
}
