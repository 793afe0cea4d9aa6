using System.Text.Json;
using Lockstep.Journal;

namespace Lockstep.Cli.Tests.Stores;

public sealed class EventLinesTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Events_go_to_standard_output_a_line_of_json_each_and_output_goes_to_standard_error()
    {
        var ran = _scenario.Commands("build: {\n  echo one\n  sh -c 'echo two >&2; exit 3'\n}\n").Run("build", "--events", "jsonl").Failed(3);

        var events = Lines(ran.Out);
        Assert.Equal(["execution:start", "step:start", "step:end", "step:start", "step:end", "execution:end"], events.Select(TypeOf));
        Assert.Equal(Enumerable.Range(1, events.Length), events.Select(line => line.GetProperty("sequence").GetInt32()));
        Assert.StartsWith("run-", Assert.Single(events.Select(line => line.GetProperty("run").GetString()).Distinct()), StringComparison.Ordinal);
        Assert.All(ran.Out.TrimEnd('\n').Split('\n'), line => EventJson.Read(System.Text.Encoding.UTF8.GetBytes(line)));
        Assert.StartsWith("one\ntwo\n", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_in_a_file_leave_standard_output_to_the_steps()
    {
        var ran = _scenario.Commands("build: echo one\n").Run("build", "--events", "events.jsonl").Succeeded();
        Assert.Equal(("one\n", ""), (ran.Out, ran.Error));
        Assert.Equal(["execution:start", "step:start", "step:end", "execution:end"], Lines(_scenario.Read("events.jsonl")).Select(TypeOf));
    }

    [Fact]
    public void A_resumed_run_adds_its_events_to_the_file()
    {
        // The run may take a moment to come into the store. The step goes on when the file, written as things happen, tells that the run has heard of the wish.
        _scenario.Commands("go: {\n  until lockstep pause $LOCKSTEP_RUN 2>/dev/null; do sleep 0.05; done; until grep -q '\"type\":\"execution:pausing\"' events.jsonl; do sleep 0.01; done\n  echo later\n}\n".Replace("lockstep", Scenario.CommandLine, StringComparison.Ordinal));
        _scenario.Run("go", "--events=events.jsonl").Failed(75);
        _scenario.Run("resume", "--events=events.jsonl").Succeeded();
        var events = Lines(_scenario.Read("events.jsonl"));
        Assert.Equal(["execution:start", "execution:resumed", "execution:end"], events.Select(TypeOf).Where(type => type is "execution:start" or "execution:resumed" or "execution:end"));
        Assert.Equal(Enumerable.Range(1, events.Length), events.Select(line => line.GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public void Secrets_are_in_no_event()
    {
        var ran = _scenario.Commands("var TOKEN = @secret(TOKEN)\nlogin: echo @var(TOKEN) -- @sh(\"echo $TOKEN\")\n").WithVariable("TOKEN", "hunter2hunter2").Run("login", "--events=jsonl").Succeeded();
        Assert.DoesNotContain("hunter2", ran.Out + ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_can_not_be_written_costs_no_run()
    {
        var ran = _scenario.Commands("build: touch built\n").Run("build", "--events=none/events.jsonl").Failed(2);
        Assert.Contains("its folder does not exist", ran.Error, StringComparison.Ordinal);
        Assert.False(_scenario.Exists("built"));
    }

    [Theory]
    [InlineData("--events jsonl conflicts with --json", "--json", "--events=jsonl")]
    [InlineData("--events jsonl conflicts with --detach", "--detach", "--events=jsonl")]
    [InlineData("--events needs a value", "--events=")]
    public void What_can_not_be_together_is_refused(string message, params string[] flags)
        => Assert.Contains(message, _scenario.Commands("build: touch built\n").Run(["build", .. flags]).Failed(2).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_run_is_watched_from_another_process_from_its_beginning_to_its_end()
    {
        _scenario.Commands("go: {\n  echo begun\n  cat\n}\n");
        using var process = _scenario.Start("go", "--events=jsonl");
        var first = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync())!).RootElement;
        var runs = new Runs(new ProjectOptions { Variables = new Dictionary<string, string> { ["LOCKSTEP_HOME"] = _scenario.Store } });

        var seen = new List<RunEvent>();
        await foreach (var happened in runs.Watch(new RunId(first.GetProperty("run").GetString()!)))
        {
            seen.Add(happened);
            if (happened is StepStarted { Text: "cat" }) process.StandardInput.Close();
        }

        Scenario.Wait(process);
        Assert.Equal(["RunStarted", "StepStarted", "StepEnded", "StepStarted", "StepEnded", "RunEnded"], seen.Select(happened => happened.GetType().Name));
    }

    private static JsonElement[] Lines(string text) => [.. text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];

    private static string TypeOf(JsonElement line) => line.GetProperty("type").GetString()!;
}
