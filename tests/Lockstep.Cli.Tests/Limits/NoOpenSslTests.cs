using System.Net;
using System.Net.Sockets;
using Lockstep.Cli.Tests.Stores;

namespace Lockstep.Cli.Tests.Limits;

/// <summary>On a machine without OpenSSL, which files of its names that are no libraries stand for.</summary>
public sealed class NoOpenSslTests : IDisposable
{
    private readonly Scenario _scenario = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public NoOpenSslTests()
    {
        _listener.Start();
        foreach (var version in (string[])["3", "1.1", "1.0.2", "1.0.0", "10"]) _scenario.With($"libraries/libssl.so.{version}", "");
        _scenario.WithVariable("LD_LIBRARY_PATH", Path.Combine(_scenario.Project, "libraries"));
    }

    private string Address => $"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public void Dispose()
    {
        _listener.Dispose();
        _scenario.Dispose();
    }

    [LinuxFact]
    public void A_value_over_https_is_an_error_that_says_what_to_install()
    {
        var ran = _scenario.Commands($"get: echo @http(\"{Address}\")\n").Run("get").Failed(1);
        Assert.Contains("https needs OpenSSL", ran.Error, StringComparison.Ordinal);
        Assert.Contains("install OpenSSL 3", ran.Error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Webhooks_and_collectors_over_https_leave_the_run_as_it_is_and_are_told_of()
    {
        _scenario.Commands("a: echo done\n")
            .WithVariable("LOCKSTEP_WEBHOOK_URL", Address)
            .WithVariable("LOCKSTEP_WEBHOOK_SECRET", "s")
            .WithVariable("OTEL_EXPORTER_OTLP_ENDPOINT", Address);
        var ran = _scenario.Run("a").Succeeded();
        Assert.Equal("done\n", ran.Out);
        var told = ran.Error.Split('\n').Where(line => line.Contains("https needs OpenSSL", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, told.Length);
        Assert.Contains(told, line => line.Contains("webhook", StringComparison.Ordinal));
    }
}
