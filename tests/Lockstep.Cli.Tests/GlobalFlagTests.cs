namespace Lockstep.Cli.Tests;

public sealed class GlobalFlagTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("deploy: echo deployed\n");

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Resolve_without_dry_run_is_refused_with_the_line_to_type()
    {
        var ran = _scenario.Run("run", "deploy", "--resolve").Failed(2);
        Assert.Equal("Error: --resolve flag requires --dry-run\nUse: lockstep run deploy --dry-run --resolve\n", ran.Error);
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public void Resolve_is_refused_in_the_same_way_when_run_is_left_out()
        => Assert.Equal("Error: --resolve flag requires --dry-run\nUse: lockstep run deploy --dry-run --resolve\n", _scenario.Run("deploy", "--resolve").Failed(2).Error);

    [Fact]
    public void Quiet_conflicts_with_verbose()
        => Assert.Equal("Error: --quiet flag conflicts with --verbose\nUse: lockstep run deploy --quiet\n", _scenario.Run("deploy", "-q", "-v").Failed(2).Error);

    [Fact]
    public void Ci_conflicts_with_interactive_always()
        => Assert.Equal("Error: --ci flag conflicts with --interactive=always\nUse: lockstep run deploy --ci\n", _scenario.Run("deploy", "--ci", "--interactive=always").Failed(2).Error);

    [Fact]
    public void A_flag_wins_over_the_environment()
    {
        _scenario.WithVariable("LOCKSTEP_QUIET", "1").WithVariable("LOCKSTEP_INTERACTIVE", "always");
        Assert.Contains("$ echo deployed", _scenario.Run("deploy", "--verbose").Succeeded().Error, StringComparison.Ordinal);
        _scenario.Run("deploy", "--ci").Succeeded();
    }

    [Fact]
    public void The_environment_stands_in_for_a_flag()
        => Assert.Contains("$ echo deployed", _scenario.WithVariable("LOCKSTEP_VERBOSE", "true").Run("deploy").Succeeded().Error, StringComparison.Ordinal);

    [Fact]
    public void A_variable_that_is_neither_true_nor_false_is_an_error_that_names_it()
        => Assert.Contains("LOCKSTEP_YES is 'perhaps'", _scenario.WithVariable("LOCKSTEP_YES", "perhaps").Run("deploy").Failed(2).Error, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_flag_of_a_built_in_names_the_nearest()
        => Assert.Equal("Error: there is no flag --lmit; did you mean --limit?\nUse: lockstep runs --limit\n", _scenario.Run("runs", "--lmit", "3").Failed(2).Error);

    [Fact]
    public void A_flag_without_its_value_says_so()
        => Assert.Equal("Error: --expect needs a value\nUse: lockstep run deploy --expect HASH\n", _scenario.Run("deploy", "--expect").Failed(2).Error);

    [Fact]
    public void A_value_that_is_no_number_says_so()
        => Assert.Equal("Error: --limit is 'many', which is no whole number\nHelp: lockstep runs --help says what it takes\n", _scenario.Run("runs", "--limit", "many").Failed(2).Error);

    [Fact]
    public void An_error_of_the_program_itself_leaves_a_report()
    {
        var file = Reports.CrashReport.Save(new InvalidOperationException("broken"), ["deploy", "--yes"], name => name == "LOCKSTEP_HOME" ? _scenario.Store : null, TimeProvider.System)!;
        Assert.StartsWith(Path.Combine(_scenario.Store, "crashes"), file, StringComparison.Ordinal);
        var report = File.ReadAllText(file);
        Assert.Contains("System.InvalidOperationException: broken", report, StringComparison.Ordinal);
        Assert.Contains("arguments: 'run' '--yes' 'deploy'", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy s3cret --token=s3cret --key s3cret -- --s3cret", "'run' 'deploy' '<omitted>' '--token=<omitted>' '--key' '<omitted>' '--' '<omitted>'")]
    [InlineData("-v run deploy --expect 0123 s3cret", "'-v' 'run' '--expect' '0123' 'deploy' '<omitted>'")]
    [InlineData("logs last deploy/2 -f", "'logs' 'last' 'deploy/2' '-f'")]
    public void A_report_of_an_error_holds_no_values_that_a_command_got_and_is_private(string line, string expected)
    {
        var file = Reports.CrashReport.Save(new InvalidOperationException("broken"), line.Split(' '), name => name == "LOCKSTEP_HOME" ? _scenario.Store : null, TimeProvider.System)!;
        var report = File.ReadAllText(file);
        Assert.Contains($"arguments: {expected}\n", report, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", report, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        foreach (var folder in new[] { Path.GetDirectoryName(file)!, _scenario.Store })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void C_looks_for_definitions_elsewhere()
        => Assert.Equal("deployed\n", _scenario.Run("-C", _scenario.Project, "deploy").Succeeded().Out);

    [Fact]
    public void C_needs_a_directory_that_exists()
    {
        Assert.StartsWith("Error: the directory /nonexistent does not exist\n", _scenario.Run("-C", "/nonexistent").Failed(4).Error, StringComparison.Ordinal);
        Assert.StartsWith("Error: the directory /nonexistent does not exist\n", _scenario.Run("-C", "/nonexistent", "runs").Failed(4).Error, StringComparison.Ordinal);
        Assert.EndsWith("commands.cli is a file, and -C names a directory\nUse: lockstep -f " + _scenario.Project + "/commands.cli\n", _scenario.Run("-C", "commands.cli", "deploy").Failed(4).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show", "--bogus")]
    [InlineData("logs", "--bogus")]
    [InlineData("logs", "last", "--bogus=3")]
    [InlineData("events", "--bogus")]
    [InlineData("completion", "--bogus")]
    [InlineData("ps", "--bogus")]
    [InlineData("runs", "--bogus")]
    [InlineData("validate", "--bogus")]
    [InlineData("fmt", "--bogus")]
    [InlineData("init", "--bogus")]
    [InlineData("doctor", "--bogus")]
    [InlineData("stop", "--bogus", "dev")]
    [InlineData("run", "--bogus", "deploy")]
    public void A_flag_that_a_built_in_does_not_have_is_a_usage_error_that_names_it(params string[] words)
        => Assert.StartsWith("Error: there is no flag --bogus\n", _scenario.Run(words).Failed(2).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("-j", "2", "deploy")]
    [InlineData("-j2", "deploy")]
    [InlineData("--jobs", "2", "deploy")]
    [InlineData("run", "-j2", "deploy")]
    [InlineData("deploy", "-j2")]
    [InlineData("deploy", "-j", "2")]
    [InlineData("-fcommands.cli", "deploy")]
    [InlineData("deploy", "-fcommands.cli")]
    [InlineData("-f=commands.cli", "deploy")]
    [InlineData("-C.", "deploy")]
    [InlineData("--junit", "out.xml", "deploy")]
    [InlineData("--events", "events.jsonl", "-j2", "-y", "deploy")]
    public void A_flag_with_a_value_may_stand_before_the_name_and_behind_it(params string[] words)
        => Assert.Equal("deployed\n", _scenario.Run(words).Succeeded().Out);

    [Fact]
    public void The_hash_that_is_expected_may_stand_before_the_name()
        => Assert.Contains("the plan of deploy is not the expected one", _scenario.Run("--expect", "00", "deploy").Failed(3).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("Use: lockstep compare RUN OTHER\n", 2, "compare")]
    [InlineData("Use: lockstep compare RUN OTHER\n", 2, "compare", "last")]
    [InlineData("those of a command stand after its name: lockstep run NAME --env\n", 2, "--env", "prod", "deploy")]
    [InlineData("Use: lockstep\n", 4, "ls")]
    [InlineData("a run is running, paused, succeeded, failed, timed-out, cancelled, refused, stopped or crashed\n", 2, "runs", "--status", "nope")]
    public void What_an_error_says_to_do_next_can_be_done(string end, int exitCode, params string[] words)
        => Assert.EndsWith(end, _scenario.Run(words).Failed(exitCode).Error, StringComparison.Ordinal);

    [Fact]
    public void F_names_the_definition_file()
        => Assert.Equal("other\n", _scenario.With("other.cli", "deploy: echo other\n").Run("-f", "other.cli", "deploy").Succeeded().Out);

    [Fact]
    public void Version_tells_the_version()
    {
        Assert.Matches("^lockstep [0-9]+\\.[0-9]+\\.[0-9]+\n$", _scenario.Run("--version").Succeeded().Out);
        Assert.Equal(System.Text.Json.JsonValueKind.String, _scenario.Run("--version", "--json").Json.GetProperty("version").ValueKind);
    }

    [Fact]
    public void With_json_an_error_is_a_document_too()
    {
        var ran = _scenario.Run("nothing", "--json").Failed(4);
        Assert.Equal(4, ran.Json.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains("there is no command 'nothing'", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_after_the_name_and_is_a_parameter_of_the_command_is_the_commands()
    {
        _scenario.Commands("deploy(file, json=\"no\"): echo @var(file) @var(json)\n");
        Assert.Equal("x no\n", _scenario.Run("deploy", "--file=x").Succeeded().Out);
        Assert.Equal("x yes\n", _scenario.Run("run", "deploy", "--file", "x", "--json=yes").Succeeded().Out);
        Assert.Equal("x no\n", _scenario.Run("--file=commands.cli", "deploy", "-v", "x").Succeeded().Out);
        Assert.Equal("y\n", _scenario.With("other.cli", "deploy: echo y\n").Run("deploy", "-f", "other.cli").Succeeded().Out);
    }
}
