namespace Lockstep.Cli.Tests.Limits;

public sealed class QuietRunTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [TraceFact]
    public void A_run_that_tells_nobody_opens_no_connection_and_loads_nothing_for_it()
    {
        _scenario.Commands("go: echo one\n").WithVariable("DOTNET_EnableDiagnostics", "0");

        var trace = Path.Combine(_scenario.Folder, "trace");
        _scenario.RunUnder(["strace", "-f", "-o", trace, "-e", "trace=network,%file"], "go").Succeeded();

        var calls = File.ReadAllLines(trace).Select(line => line[(line.IndexOf(' ') + 1)..].TrimStart()).ToArray();
        Assert.DoesNotContain(calls, call => call.StartsWith("socket", StringComparison.Ordinal) || call.StartsWith("connect", StringComparison.Ordinal));
        Assert.DoesNotContain(calls.Where(call => call.StartsWith("open", StringComparison.Ordinal)), call => call.Contains("YamlDotNet", StringComparison.Ordinal) || call.Contains("libssl", StringComparison.Ordinal));
    }

    [Fact]
    public void What_waits_for_a_webhook_is_told_and_kept()
    {
        _scenario.Commands("go: echo one\n").WithVariable("LOCKSTEP_WEBHOOK_URL", "http://127.0.0.1:9/token");
        var ran = _scenario.Run("go").Succeeded();
        Assert.Equal("one\n", ran.Out);
        Assert.StartsWith("Warning: events of 1 run wait for the webhook http://127.0.0.1:9/…: ", ran.Error, StringComparison.Ordinal);

        var deliver = _scenario.Run("deliver").Failed(1);
        Assert.StartsWith("http://127.0.0.1:9/…: events of 1 run wait: ", deliver.Out, StringComparison.Ordinal);
        Assert.Equal(1, _scenario.Run("deliver", "--json").Failed(1).Json.GetProperty("webhooks")[0].GetProperty("waiting_runs").GetInt32());
    }

    [Fact]
    public void A_broken_configuration_runs_nothing()
    {
        var ran = _scenario.Commands("go: touch made\n").With("lockstep.yaml", "webhook: []\n").Run("go").Failed(2);
        Assert.Contains("error LS1401: lockstep.yaml has no key 'webhook'", ran.Error, StringComparison.Ordinal);
        Assert.False(_scenario.Exists("made"));
    }
}
