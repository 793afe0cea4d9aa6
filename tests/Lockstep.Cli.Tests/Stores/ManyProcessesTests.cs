using System.Text.Json;

namespace Lockstep.Cli.Tests.Stores;

/// <summary>Real processes that all execute runs over one store, with others that read it and ask things of the runs at the same time.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private const int Processes = 12;
    private static readonly int[] _paused = [0, 3, 6];
    private static readonly int[] _aborted = [1, 4];
    private static readonly int _rounds = Environment.GetEnvironmentVariable("LOCKSTEP_LONG_TESTS") == "1" ? 25 : 1;

    // Each waits in its third step, until all that is asked of them has come to them.
    private readonly Scenario _scenario = new Scenario().Commands(string.Concat(Enumerable.Range(0, Processes).Select(run => $$"""
        w{{run}}: {
          echo 1 >> trace{{run}}
          echo 2 >> trace{{run}}
          sh -c 'echo 3 >> trace{{run}}; until test -e go; do sleep 0.05; done'
          echo 4 >> trace{{run}}
          echo 5 >> trace{{run}}
        }

        """)));

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Many_processes_at_once_on_one_store_lose_nothing_of_any_run()
    {
        for (var round = 1; round <= _rounds; round++)
        {
            var all = Task.WhenAll(Enumerable.Range(0, Processes).Select(run => Task.Run(() => _scenario.Run($"w{run}"))));
            var readers = new[] { Task.Run(() => Read(all, "runs", "--json")), Task.Run(() => Read(all, "show", "last", "--json")) };
            await Task.WhenAll(Task.Run(() => Ask("pause", _paused, all)), Task.Run(() => Ask("abort", _aborted, all)));
            foreach (var run in _paused) UntilItHas("execution:pausing", Running(run, all), all);
            _scenario.With("go", "");
            await Task.WhenAll(readers);
            var ended = await all;

            foreach (var run in _paused)
            {
                ended[run].Failed(75);
                _scenario.Run("resume", Newest($"w{run}")[$"w{run}"].GetProperty("run").GetString()!).Succeeded();
            }

            var listed = Newest();
            for (var run = 0; run < Processes; run++) AssertEnded(run, ended[run], listed[$"w{run}"]);
            Assert.True(_scenario.Run("verify", "--json").Succeeded().Json.GetProperty("whole").GetBoolean());
            Assert.Equal(Processes * round, Runs("--limit", "10000").Count);
            File.Delete(Path.Combine(_scenario.Project, "go"));
            for (var run = 0; run < Processes; run++) File.Delete(Path.Combine(_scenario.Project, $"trace{run}"));
        }
    }

    private void Ask(string what, int[] runs, Task all)
    {
        foreach (var run in runs) _scenario.Run(what, Running(run, all)).Succeeded();
    }

    /// <summary>The id of a run, as soon as the store has it.</summary>
    private string Running(int run, Task all)
    {
        while (true)
        {
            if (Runs("--name", $"w{run}", "--status", "running") is [var found, ..]) return found.GetProperty("run").GetString()!;
            Assert.False(all.IsCompleted, $"w{run} never came into the store");
        }
    }

    private void UntilItHas(string type, string id, Task all)
    {
        while (!Events(id).Exists(happened => happened.GetProperty("type").GetString() == type)) Assert.False(all.IsCompleted, $"{id} has no {type}");
    }

    private void AssertEnded(int run, Scenario.Ran ran, JsonElement listed)
    {
        var aborted = _aborted.Contains(run);
        if (!_paused.Contains(run)) ran.Failed(aborted ? 130 : 0);
        Assert.Equal((run, aborted ? "cancelled" : "succeeded"), (run, listed.GetProperty("status").GetString()));

        // One that was aborted before its third step had begun has less.
        var written = _scenario.Exists($"trace{run}") ? _scenario.Read($"trace{run}") : "";
        if (aborted) Assert.StartsWith(written, "1\n2\n3\n", StringComparison.Ordinal);
        else Assert.Equal("1\n2\n3\n4\n5\n", written);
        var events = Events(listed.GetProperty("run").GetString()!);
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(happened => happened.GetProperty("sequence").GetInt32()));
        Assert.Equal("execution:end", events[^1].GetProperty("type").GetString());
    }

    /// <summary>The newest run of each command, or of one.</summary>
    private Dictionary<string, JsonElement> Newest(string? command = null)
        => Runs(command is null ? ["--limit", $"{Processes}"] : ["--name", command, "--limit", "1"]).ToDictionary(run => run.GetProperty("command").GetString()!);

    private List<JsonElement> Events(string id) => [.. _scenario.Run("events", id, "--json").Succeeded().Json.GetProperty("events").EnumerateArray()];

    /// <summary>Reads over and over while the runs go on: an answer is a whole document each time.</summary>
    private void Read(Task all, params string[] words)
    {
        while (!all.IsCompleted)
        {
            var ran = _scenario.Run(words);

            // Before the first run there is none to show.
            if (ran.ExitCode != 4) Assert.Equal(JsonValueKind.Object, ran.Succeeded().Json.ValueKind);
        }
    }

    private List<JsonElement> Runs(params string[] filter)
        => [.. _scenario.Run(["runs", "--json", .. filter]).Succeeded().Json.GetProperty("runs").EnumerateArray()];
}
