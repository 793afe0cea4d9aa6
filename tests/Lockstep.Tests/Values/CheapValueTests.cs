using System.Diagnostics;
using Lockstep.Expressions;
using Lockstep.Values;

namespace Lockstep.Tests.Values;

public sealed class CheapValueTests : IDisposable
{
    private readonly ValueWorld _world = new();

    public void Dispose() => _world.Dispose();

    private ResolvedValue Known(ValueExpression expression) => Assert.IsType<ValueKnown>(_world.Resolver.ResolveCheap(expression)).Value;

    private ValueFailed Failed(ValueExpression expression) => Assert.IsType<ValueFailed>(_world.Resolver.ResolveCheap(expression));

    [Fact]
    public void A_variable_and_an_argument_are_their_own_text()
    {
        Assert.Equal(new ResolvedValue("myapp", ValueSource.Variable), Known(new VariableExpression("IMAGE", "myapp")));
        Assert.Equal(new ResolvedValue("prod", ValueSource.Input), Known(new ParameterExpression("env", "prod", IsDefault: false)));
        Assert.Equal(new ResolvedValue("staging", ValueSource.Default), Known(new ParameterExpression("env", "staging", IsDefault: true)));
    }

    [Fact]
    public void A_set_environment_variable_wins_over_the_default()
    {
        _world.Variables["VERSION"] = "v1.2.3";

        Assert.Equal(
            new ResolvedValue("v1.2.3", ValueSource.Environment, _world.Clock.GetUtcNow()), Known(new EnvironmentExpression("VERSION", "latest")));
        Assert.Equal(new ResolvedValue("latest", ValueSource.Default), Known(new EnvironmentExpression("OTHER", "latest")));
    }

    [Fact]
    public void An_empty_environment_variable_counts_as_unset_unless_empty_is_allowed()
    {
        _world.Variables["EMPTY"] = "";

        Assert.Equal("x", Known(new EnvironmentExpression("EMPTY", "x")).Text);
        Assert.Equal("", Known(new EnvironmentExpression("EMPTY", "x", AllowEmpty: true)).Text);
        Assert.Equal("", Known(new EnvironmentExpression("UNSET", "")).Text);
        Assert.Equal("the environment variable 'EMPTY' is empty", Failed(new EnvironmentExpression("EMPTY")).Cause);
    }

    [Fact]
    public void An_unset_environment_variable_without_a_default_says_what_to_do()
    {
        var failed = Failed(new EnvironmentExpression("VERSION"));

        Assert.Equal("@env(VERSION): the environment variable 'VERSION' is not set", failed.Message);
        Assert.Equal("set VERSION, or write @env(\"VERSION\", default = \"…\")", failed.Help);
    }

    [Fact]
    public void A_file_is_read_relative_to_the_definition_and_trimmed()
    {
        _world.Folder.Write("sub/version", "\uFEFF  v1 \n\n");

        Assert.Equal(new ResolvedValue("v1", ValueSource.File, _world.Clock.GetUtcNow()), Known(new FileExpression("sub/version")));
        Assert.Equal("v1", Known(new FileExpression(_world.Folder["sub/version"])).Text);
    }

    [Fact]
    public void A_file_of_the_kernel_without_a_length_is_read_whole()
        => Assert.Contains("Linux", Known(new FileExpression("/proc/version")).Text);

    [Fact]
    public void A_file_may_hold_one_mebibyte_and_not_a_byte_more()
    {
        _world.Folder.Write("full", new string('a', 1 << 20));
        _world.Folder.Write("over", new string('a', (1 << 20) + 1));

        Assert.Equal(1 << 20, Known(new FileExpression("full")).Text.Length);
        Assert.EndsWith("over is larger than 1 MiB", Failed(new FileExpression("over")).Cause);
        Assert.EndsWith("/dev/zero is larger than 1 MiB", Failed(new FileExpression("/dev/zero")).Cause);
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("folder", "is a directory")]
    [InlineData("file/below", "does not exist")]
    [InlineData("latin", "is not UTF-8 text")]
    [InlineData("", "the path is empty or holds a NUL character")]
    public void A_file_that_can_not_be_text_says_why(string path, string cause)
    {
        Directory.CreateDirectory(_world.Folder["folder"]);
        _world.Folder.Write("file", "");
        File.WriteAllBytes(_world.Folder["latin"], [0x63, 0xe9]);

        Assert.EndsWith(cause, Failed(new FileExpression(path)).Cause);
    }

    [Fact]
    public void A_named_pipe_fails_instead_of_waiting_for_its_writer()
    {
        using (var made = Process.Start("mkfifo", [_world.Folder["pipe"]])) made.WaitForExit();

        Assert.EndsWith("is a pipe or a device", Failed(new FileExpression("pipe")).Cause);
    }

    [Theory]
    [InlineData("", "2026-11-20T14:30:22Z")]
    [InlineData("yyyyMMdd-HHmmss", "20261120-143022")]
    [InlineData("%d", "20")]
    public void A_timestamp_is_the_clocks_utc_in_the_format_asked_for(string format, string text)
        => Assert.Equal(new ResolvedValue(text, ValueSource.Clock, _world.Clock.GetUtcNow()), Known(new TimestampExpression(format)));

    [Theory]
    [InlineData("yyyy 'open")]
    [InlineData("N")]
    public void A_format_that_is_none_of_dotnet_is_an_error(string format)
        => Assert.StartsWith($"'{format}' is not a .NET date format", Failed(new TimestampExpression(format)).Cause);

    [Fact]
    public void Each_uuid_is_a_new_one()
        => Assert.NotEqual(Known(new UuidExpression(1)).Text, Known(new UuidExpression(2)).Text);

    [Fact]
    public void A_secret_is_sensitive_wherever_it_comes_from()
    {
        _world.Variables["DB"] = "hunter2";
        _world.Folder.Write("token", "hunter3\n");

        Assert.Equal(
            new ValueKnown(new ResolvedValue("hunter2", ValueSource.Secret, _world.Clock.GetUtcNow()), Sensitive: true),
            _world.Resolver.ResolveCheap(new SecretExpression("DB", "env")));
        Assert.Equal(
            new ValueKnown(new ResolvedValue("hunter3", ValueSource.Secret, _world.Clock.GetUtcNow()), Sensitive: true),
            _world.Resolver.ResolveCheap(new SecretExpression("DB", "file:token")));
    }

    [Fact]
    public void A_secret_that_is_missing_or_empty_is_an_error()
    {
        _world.Variables["EMPTY"] = "";
        _world.Folder.Write("blank", " \n");

        Assert.Equal("@secret(DB): the environment variable 'DB' is not set", Failed(new SecretExpression("DB", "env")).Message);
        Assert.IsType<ValueFailed>(_world.Resolver.ResolveCheap(new SecretExpression("EMPTY", "env")));
        Assert.Equal("blank is empty", Failed(new SecretExpression("DB", "file:blank")).Cause);
        Assert.Equal("'vault:x' is not a source of secrets", Failed(new SecretExpression("DB", "vault:x")).Cause);
    }

    [Fact]
    public void What_runs_or_fetches_is_left_unresolved_and_nothing_is_written()
    {
        Assert.Null(_world.Resolver.ResolveCheap(new ShellExpression("date")));
        Assert.Null(_world.Resolver.ResolveCheap(new SecretExpression("DB", "command:pass db")));
        Assert.Null(_world.Resolver.ResolveCheap(new OutputExpression("build")));
        Assert.Null(_world.Resolver.ResolveCheap(ValueWorld.Http("http://127.0.0.1:1/", ttl: 60)));
        Assert.Null(_world.Resolver.ResolveCheap(new DnsExpression("localhost", "A")));

        Assert.Empty(_world.Commands);
        Assert.False(Directory.Exists(_world.Folder["cache"]));
    }
}
