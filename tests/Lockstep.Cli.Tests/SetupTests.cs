namespace Lockstep.Cli.Tests;

public sealed class SetupTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("# Ship it\ndeploy(env = \"staging\", tag): echo @var(env) @var(tag)\nbuild: echo built\nwatch dev: sleep 1000\n");

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Names_of_the_file_complete_with_their_descriptions()
    {
        Assert.Equal("deploy\tShip it\n", _scenario.Run("__complete", "--", "dep").Succeeded().Out);
        Assert.Contains("dev\t\n", _scenario.Run("__complete", "--", "run", "").Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("dev\t\n", _scenario.Run("__complete", "--", "stop", "").Succeeded().Out);
    }

    [Fact]
    public void Parameters_and_flags_complete_after_a_name()
    {
        Assert.Equal("--env\tdefault staging\n", _scenario.Run("__complete", "--", "deploy", "--en").Succeeded().Out);
        Assert.StartsWith("--dry-run\t", _scenario.Run("__complete", "--", "run", "deploy", "--dry").Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("always\t\n", _scenario.Run("__complete", "--", "run", "--color", "al").Succeeded().Out);
    }

    [Fact]
    public void A_value_completes_after_an_equals_sign()
        => Assert.Equal("--format=tree\t\n", _scenario.Run("__complete", "--", "plan", "build", "--format=t").Succeeded().Out);

    [Fact]
    public void Runs_and_steps_of_history_complete()
    {
        _scenario.Run("build").Succeeded();
        Assert.StartsWith("last\tthe newest of this project\nrun-", _scenario.Run("__complete", "--", "logs", "").Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("build/1\techo built\n", _scenario.Run("__complete", "--", "logs", "last", "").Succeeded().Out);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Each_shell_has_a_script_that_asks_the_program(string shell)
        => Assert.Contains("__complete --", _scenario.Run("completion", shell).Succeeded().Out, StringComparison.Ordinal);

    [Fact]
    public void The_bash_script_completes_in_bash()
    {
        var ran = _scenario.Run("completion", "bash").Succeeded();
        _scenario.With("complete.bash", ran.Out);
        var asked = _scenario.Shell("""
            lockstep completion bash >/dev/null
            cat > ask.bash <<'EOF'
            . ./complete.bash
            ask() { COMP_WORDS=(./program "$@") COMP_CWORD=$#; _lockstep; echo "${COMPREPLY[@]}"; }
            ask dep
            ask plan build --format = t
            ask plan build --format=t
            ask plan build --format = ""
            ask plan build --format =
            ask --color = always dep
            EOF
            printf '#!/bin/sh\nexec PROGRAM "$@"\n' > program
            """);
        asked.Succeeded();
        _scenario.With("program", $"#!/bin/sh\nexec {string.Join(' ', Scenario.Program)} \"$@\"\n");
        Assert.Equal("deploy\ntree\n--format=tree\ntree json mermaid dot html\ntree json mermaid dot html\ndeploy\n", _scenario.Shell("chmod +x program; bash ask.bash").Succeeded().Out);
    }

    [Fact]
    public void An_unknown_shell_is_an_error_that_names_the_known_ones()
        => Assert.Contains("bash, zsh, fish and pwsh", _scenario.Run("completion", "tcsh").Failed(2).Error, StringComparison.Ordinal);

    [Fact]
    public void Doctor_checks_what_lockstep_builds_on()
    {
        var checks = _scenario.Run("doctor", "--json").Succeeded().Json.GetProperty("checks");
        Assert.Equal(
            ["definitions", "configuration", "sh", "pipe failures", "git", "store", "limits", "terminal"],
            checks.EnumerateArray().Select(check => check.GetProperty("name").GetString()));
        Assert.Contains(_scenario.Store, _scenario.Run("doctor").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_makes_a_private_store_and_warns_of_one_that_others_may_enter()
    {
        Assert.DoesNotContain("chmod", _scenario.Run("doctor").Succeeded().Out, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_scenario.Store, File.GetUnixFileMode(_scenario.Store) | UnixFileMode.GroupRead);
        Assert.Contains($"mend: chmod 700 {_scenario.Store}\n", _scenario.Run("doctor").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_says_what_is_wrong_with_the_configuration_and_where()
    {
        _scenario.Commands("a: echo a\n").With("lockstep.yaml", "webhooks:\n  - url: http://127.0.0.1:9/\n    secret: { secret: HOOK_SECRET }\n");
        Assert.Contains("mend: export HOOK_SECRET\n", _scenario.Run("doctor").Succeeded().Out, StringComparison.Ordinal);
        Assert.DoesNotContain("mend: export", _scenario.WithVariable("HOOK_SECRET", "s").Run("doctor").Succeeded().Out, StringComparison.Ordinal);
        var ran = _scenario.With("lockstep.yaml", "webhooks:\n  - ulr: http://127.0.0.1:9/\n").Run("doctor").Failed(1);
        Assert.Contains("lockstep.yaml:2:5: a webhook has no key 'ulr', and 1 more: no command runs with it", ran.Out, StringComparison.Ordinal);
        Assert.Contains("mend: did you mean url?; lockstep validate shows all of it", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_says_how_to_mend_a_store_that_cannot_be_written()
    {
        File.WriteAllText(Path.Combine(_scenario.Folder, "file"), "");
        var ran = _scenario.WithVariable("LOCKSTEP_HOME", Path.Combine(_scenario.Folder, "file", "store")).Run("doctor").Failed(1);
        Assert.Contains("mend: make it writable, or name another folder with LOCKSTEP_HOME", ran.Out, StringComparison.Ordinal);
    }
}
