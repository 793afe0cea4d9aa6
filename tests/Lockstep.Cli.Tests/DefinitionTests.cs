namespace Lockstep.Cli.Tests;

public sealed class DefinitionTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Validate_reports_every_error_and_ends_with_2()
    {
        _scenario.Commands("build: echo @var(ONE)\ntest: echo @var(TWO)\n");
        var ran = _scenario.Run("validate").Failed(2);
        Assert.Contains("commands.cli has 2 errors", ran.Error, StringComparison.Ordinal);
        var json = _scenario.Run("validate", "--json").Failed(2).Json;
        Assert.False(json.GetProperty("valid").GetBoolean());
        Assert.Equal([1, 2], json.GetProperty("diagnostics").EnumerateArray().Select(diagnostic => diagnostic.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void Validate_reads_the_configuration_too()
    {
        _scenario.Commands("build: echo built\n").With("lockstep.yaml", "webhook: []\n");
        var ran = _scenario.Run("validate").Failed(2);
        Assert.Contains("lockstep.yaml:1:1: error LS1401: lockstep.yaml has no key 'webhook'", ran.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean webhooks?", ran.Error, StringComparison.Ordinal);
        Assert.EndsWith("Error: lockstep.yaml has 1 error\n", ran.Error, StringComparison.Ordinal);
        var json = _scenario.Run("validate", "--json").Failed(2).Json;
        Assert.Equal("LS1401", json.GetProperty("diagnostics")[0].GetProperty("id").GetString());
        Assert.Equal("✓ commands.cli: 1 command, no errors\n", _scenario.With("lockstep.yaml", "webhooks: []\n").Run("validate").Succeeded().Error);
    }

    [Fact]
    public void Validate_is_content_with_a_good_file()
        => Assert.Equal("✓ commands.cli: 1 command, no errors\n", _scenario.Commands("build: echo built\n").Run("validate").Succeeded().Error);

    [Fact]
    public void Fmt_writes_the_canonical_form_and_check_only_tells()
    {
        _scenario.Commands("build  :   {\n echo built\n     echo again\n}\n");
        Assert.Contains("is not in canonical form", _scenario.Run("fmt", "--check").Failed(1).Error, StringComparison.Ordinal);
        Assert.Contains("build  :", _scenario.Read("commands.cli"), StringComparison.Ordinal);
        _scenario.Run("fmt").Succeeded();
        Assert.Equal("build: {\n    echo built\n    echo again\n}\n", _scenario.Read("commands.cli"));
        _scenario.Run("fmt", "--check").Succeeded();
    }

    [Fact]
    public void Init_writes_a_file_that_is_valid_canonical_and_runs()
    {
        _scenario.Run("init").Succeeded();
        Assert.Contains("no errors", _scenario.Run("validate").Succeeded().Error, StringComparison.Ordinal);
        _scenario.Run("fmt", "--check").Succeeded();
        _scenario.Run("ci").Succeeded();
        Assert.Equal("Hello, Ada!\n", _scenario.Run("hello", "--who", "Ada").Succeeded().Out);
        _scenario.Run("deploy", "--dry-run").Succeeded();
    }

    [Fact]
    public void A_name_that_lockstep_has_too_is_told_where_it_is_defined_and_where_it_is_used()
    {
        _scenario.Commands("clean: echo mine\nbuild: echo built\n");
        Assert.EndsWith("clean: also a command of lockstep itself; lockstep run clean runs the file's\n", _scenario.Run("validate").Succeeded().Error, StringComparison.Ordinal);
        Assert.StartsWith("This is lockstep's own clean; lockstep run clean runs the file's.\n", _scenario.Run("clean").Succeeded().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("own", _scenario.Run("runs").Succeeded().Error, StringComparison.Ordinal);
        Assert.Equal("mine\n", _scenario.Run("run", "clean").Succeeded().Out);
    }

    [Fact]
    public void Init_never_overwrites()
    {
        _scenario.Commands("mine: echo mine\n");
        Assert.Contains("exists already", _scenario.Run("init").Failed(2).Error, StringComparison.Ordinal);
        Assert.Equal("mine: echo mine\n", _scenario.Read("commands.cli"));
    }

    [Fact]
    public void Fmt_check_as_json_is_one_document()
    {
        var ran = _scenario.Commands("build  : echo built\n").Run("fmt", "--check", "--json").Failed(1);
        Assert.True(ran.Json.GetProperty("changed").GetBoolean());
        Assert.Contains("is not in canonical form", ran.Error, StringComparison.Ordinal);
    }
}
