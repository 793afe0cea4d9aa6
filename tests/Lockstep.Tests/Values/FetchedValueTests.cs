using Lockstep.Expressions;
using Lockstep.Values;
using static Lockstep.Tests.Values.LoopbackServer;
using static Lockstep.Tests.Values.ValueWorld;

namespace Lockstep.Tests.Values;

public sealed class FetchedValueTests : IDisposable
{
    private readonly ValueWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_body_is_trimmed()
    {
        await using var server = new LoopbackServer(_ => Ok("  v2.1.4\n"));

        Assert.Equal(new ResolvedValue("v2.1.4", ValueSource.Http, _world.Clock.GetUtcNow()), await _world.KnownAsync(Http(server.Url)));
    }

    [Theory]
    [InlineData("data.0.name", "first")]
    [InlineData("data.1.size", "12.50")]
    [InlineData("data.1", """{"size":12.50}""")]
    [InlineData("""a\.b""", "dotted")]
    [InlineData("yes", "true")]
    public async Task A_dotted_path_takes_one_value_of_a_json_body(string path, string text)
    {
        await using var server = new LoopbackServer(
            _ => Ok("""{"data":[{"name":"first"},{"size":12.50}],"a.b":"dotted","yes":true,"none":null}""", "application/json"));

        Assert.Equal(text, (await _world.KnownAsync(Http(server.Url, path))).Text);
    }

    [Theory]
    [InlineData("data.2", "the answer has no '2' in 'data', which is an array with the indexes 0 to 1")]
    [InlineData("version", "the answer has no 'version' at its top, which is an object with data, none")]
    [InlineData("none", "'none' is null in the answer")]
    public async Task A_path_that_leads_nowhere_says_how_far_it_got(string path, string cause)
    {
        await using var server = new LoopbackServer(_ => Ok("""{"data":[1,2],"none":null}"""));

        Assert.Equal($"GET {server.Url}/: {cause}", (await _world.FailedAsync(Http(server.Url, path))).Cause);
    }

    [Fact]
    public async Task A_path_into_something_else_than_json_is_an_error()
    {
        await using var server = new LoopbackServer(_ => Ok("<html>"));

        Assert.EndsWith("the answer is not JSON", (await _world.FailedAsync(Http(server.Url, "a"))).Cause);
    }

    [Fact]
    public async Task A_failure_shows_status_and_address_without_password_and_query()
    {
        await using var server = new LoopbackServer(_ => Status("404 Not Found"));

        var failed = await _world.FailedAsync(Http(server.Url.Replace("//", "//me:hunter2@") + "/v?token=hunter3"));

        Assert.Equal($"@http({server.Url}/v?…): GET {server.Url}/v?… answered 404 Not Found", failed.Message);
        Assert.DoesNotContain("hunter", failed.ToString());
    }

    [Fact]
    public async Task User_and_password_of_the_address_are_sent_as_basic_authorization()
    {
        await using var server = new LoopbackServer(
            head => head.Contains("Authorization: Basic bWU6cCB3\r\n") ? Ok("in") : Status("401 Unauthorized"));

        Assert.Equal("in", (await _world.KnownAsync(Http(server.Url.Replace("//", "//me:p%20w@")))).Text);
    }

    [Fact]
    public async Task Redirects_are_followed()
    {
        await using var server = new LoopbackServer(
            head => head.StartsWith("GET /new ") ? Ok("moved") : Status("302 Found", "Location: /new\r\n"));

        Assert.Equal("moved", (await _world.KnownAsync(Http(server.Url + "/old"))).Text);
    }

    [Fact]
    public async Task A_redirect_in_circles_ends_as_an_error()
    {
        await using var server = new LoopbackServer(_ => Status("302 Found", "Location: /\r\n"));

        Assert.EndsWith("answered 302 Found, a redirect that is not followed", (await _world.FailedAsync(Http(server.Url))).Cause);
        Assert.Equal(11, server.Requests);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_an_error()
    {
        await using var server = new LoopbackServer(_ =>
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(3));
            return null;
        });

        Assert.Equal($"GET {server.Url}/ had no whole answer within 3 s", (await _world.FailedAsync(Http(server.Url, timeout: 3))).Cause);
    }

    [Fact]
    public async Task Cancelling_is_not_a_failure_of_the_value()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = new LoopbackServer(_ =>
        {
            cancel.Cancel();
            return null;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _world.Resolver.ResolveAsync(Http(server.Url), false, cancel.Token));
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_is_an_error()
    {
        await using var server = new LoopbackServer(_ => Ok(new string('a', (1 << 20) + 1)));

        Assert.EndsWith("is larger than 1 MiB", (await _world.FailedAsync(Http(server.Url))).Cause);
    }

    [Fact]
    public async Task Where_nothing_listens_the_error_says_so()
    {
        string url;
        await using (var server = new LoopbackServer(_ => null)) url = server.Url;

        Assert.StartsWith($"GET {url}/: no connection: ", (await _world.FailedAsync(Http(url))).Cause);
    }

    [Theory]
    [InlineData("example.org/version")]
    [InlineData("ftp://example.org/version")]
    public async Task An_address_that_is_not_http_is_an_error(string url)
        => Assert.Equal("the address is not an absolute http or https URL", (await _world.FailedAsync(Http(url))).Cause);

    [Fact]
    public async Task A_host_is_looked_up_and_kept_for_a_minute()
    {
        Assert.Equal(new ResolvedValue("127.0.0.1", ValueSource.Dns, _world.Clock.GetUtcNow()), await _world.KnownAsync(new DnsExpression("localhost", "A")));

        _world.Clock.Advance(TimeSpan.FromSeconds(59));
        var cached = Assert.IsType<ValueKnown>(_world.Resolver.ResolveCheap(new DnsExpression("localhost", "A"))).Value;
        Assert.Equal(TimeSpan.FromSeconds(59), cached.CacheAge);

        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_world.Resolver.ResolveCheap(new DnsExpression("localhost", "A")));
    }

    [Theory]
    [InlineData("no-such-host.invalid", "A")]
    [InlineData("127.0.0.1", "AAAA")]
    [InlineData("localhost", "MX")]
    [InlineData("not a host", "A")]
    public async Task A_host_without_the_address_asked_for_is_an_error(string host, string type)
        => Assert.StartsWith($"@dns({host}): ", (await _world.FailedAsync(new DnsExpression(host, type))).Message);

    [Fact]
    public async Task A_commands_output_is_trimmed()
    {
        _world.Answer = new ShellAnswer(0, " a1b2c3\n", "noise");

        Assert.Equal(new ResolvedValue("a1b2c3", ValueSource.Shell, _world.Clock.GetUtcNow()), await _world.KnownAsync(new ShellExpression("git rev-parse HEAD")));
        Assert.Equal(["git rev-parse HEAD"], _world.Commands);
    }

    [Fact]
    public async Task A_commands_failure_shows_exit_code_and_last_line()
    {
        _world.Answer = new ShellAnswer(128, "", "warning\nfatal: not a git repository\n\n");

        Assert.Equal(
            "@sh(git rev-parse HEAD): the command ended with exit code 128: fatal: not a git repository",
            (await _world.FailedAsync(new ShellExpression("git rev-parse HEAD"))).Message);
    }

    [Fact]
    public async Task A_secret_from_a_command_is_sensitive_and_its_failure_does_not_tell_it()
    {
        var secret = new SecretExpression("DB", "command:pass show db");
        _world.Answer = new ShellAnswer(0, "hunter2\n", "");
        Assert.Equal(
            new ValueKnown(new ResolvedValue("hunter2", ValueSource.Secret, _world.Clock.GetUtcNow()), Sensitive: true), await _world.ResolveAsync(secret));
        Assert.Equal(["pass show db"], _world.Commands);

        _world.Answer = new ShellAnswer(1, "hunter2\n", "can't use hunter2");
        Assert.Equal("the command ended with exit code 1", (await _world.FailedAsync(secret)).Cause);

        _world.Answer = new ShellAnswer(0, "\n", "");
        Assert.Equal("its command printed nothing", (await _world.FailedAsync(secret)).Cause);
    }

    [Fact]
    public async Task An_output_is_known_only_to_the_run()
        => await Assert.ThrowsAsync<InvalidOperationException>(() => _world.ResolveAsync(new OutputExpression("build")));
}
