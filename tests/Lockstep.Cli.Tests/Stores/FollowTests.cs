using System.Text;
using System.Text.Json;

namespace Lockstep.Cli.Tests.Stores;

public sealed class FollowTests : IDisposable
{
    private readonly Scenario _scenario = new Scenario().Commands("""
        waits: {
          echo begun
          sh -c 'echo x > started; read line < go'
          echo over
        }

        """);

    public FollowTests() => _scenario.Shell("mkfifo started go").Succeeded();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Events_are_followed_as_lines_of_json_until_the_run_ends()
    {
        using var run = Started();
        using var follow = _scenario.Start("events", "last", "-f", "--json");
        var types = new List<string>();
        while (await follow.StandardOutput.ReadLineAsync() is { } line)
        {
            types.Add(JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()!);
            if (types.Count(type => type == "step:start") == 2 && types[^1] == "step:start") GoOn();
        }

        Scenario.Wait(run).Succeeded();
        await follow.WaitForExitAsync();
        Assert.Equal(0, follow.ExitCode);
        Assert.Equal(("execution:start", "execution:end"), (types[0], types[^1]));
    }

    [Fact]
    public async Task Show_redraws_a_running_run_on_a_terminal_until_it_ends()
    {
        using var run = Started();
        using var show = _scenario.StartOnTerminal(80, 24, "show", "last");
        var seen = new StringBuilder();
        var buffer = new char[4096];
        var told = false;
        for (int got; (got = await show.StandardOutput.ReadAsync(buffer)) > 0;)
        {
            seen.Append(buffer, 0, got);
            if (told || !seen.ToString().Contains("1/3", StringComparison.Ordinal)) continue;
            told = true;
            GoOn();
        }

        Scenario.Wait(run).Succeeded();
        Assert.True(told);
        Assert.Contains("waits:", seen.ToString(), StringComparison.Ordinal);
        Assert.Contains("succeeded", seen.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h", seen.ToString()[..(seen.ToString().LastIndexOf("\e[?25", StringComparison.Ordinal) + 6)], StringComparison.Ordinal);
    }

    private System.Diagnostics.Process Started()
    {
        var run = _scenario.Start("waits");
        run.StandardInput.Close();
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(_scenario.Project, "started")));
        return run;
    }

    private void GoOn() => File.WriteAllText(Path.Combine(_scenario.Project, "go"), "on\n");
}
