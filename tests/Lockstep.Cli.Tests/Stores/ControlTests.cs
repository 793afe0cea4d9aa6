namespace Lockstep.Cli.Tests.Stores;

public sealed class ControlTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("abort")]
    [InlineData("approve", "--done")]
    public void Without_a_run_nothing_is_asked_of_another_project(params string[] words)
    {
        var run = Paused();
        Directory.CreateDirectory(Path.Combine(_scenario.Folder, "other"));
        var ran = _scenario.Run([.. words, "-C", Path.Combine(_scenario.Folder, "other")]).Failed(4);
        Assert.Contains("is unfinished", ran.Error, StringComparison.Ordinal);
        Assert.Contains($"the newest unfinished run of this machine is {run}", ran.Error, StringComparison.Ordinal);
        Assert.Equal("paused", Status());
    }

    [Fact]
    public void Without_a_run_the_newest_that_has_not_ended_is_meant()
    {
        var run = Paused();
        _scenario.Run("other").Succeeded();
        var aborted = _scenario.Run("abort", "--json").Succeeded().Json;
        Assert.Equal(run, aborted.GetProperty("run").GetString());
    }

    [Fact]
    public void A_run_that_no_process_executes_is_ended_and_that_is_a_success()
    {
        var run = Paused();
        var ran = _scenario.Run("abort").Succeeded();
        Assert.Contains($"✓ {run} has ended: it was interrupted by ", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Error", ran.Error, StringComparison.Ordinal);
        Assert.Equal("cancelled", Status());
    }

    [Fact]
    public void A_run_is_ended_without_the_secret_that_it_would_need_to_go_on()
    {
        _scenario.Commands($"go(token): {{\n  until {Scenario.CommandLine} pause $LOCKSTEP_RUN 2>/dev/null; do sleep 0.05; done; until grep -q '\"type\":\"execution:pausing\"' events.jsonl; do sleep 0.01; done\n  echo @var(token)\n}}\n");
        _scenario.Run("go", "swordfish", "--events=events.jsonl").Failed(75);
        Assert.Contains("--input token=", _scenario.Run("resume").Failed(3).Error, StringComparison.Ordinal);
        _scenario.Run("abort").Succeeded();
        Assert.Equal("cancelled", Status());
    }

    [Fact]
    public void What_abort_tells_as_json_is_one_document_in_one_form()
    {
        var run = Paused();
        var document = _scenario.Run("abort", "--json").Succeeded().Json;
        Assert.Equal(
            (run, "abort", "cancelled", 130),
            (document.GetProperty("run").GetString(), document.GetProperty("asked").GetString(), document.GetProperty("status").GetString(), document.GetProperty("exit_code").GetInt32()));
    }

    [Fact]
    public void A_question_that_nobody_can_answer_on_resume_leaves_the_run_paused_until_somebody_does()
    {
        _scenario.Commands("go: {\n  @effect(\"once\", verify = \"true\") { kill -9 $PPID }\n  @confirm(\"Sure?\") { echo later }\n}\n").Run("go").Failed(137);
        var ran = _scenario.Run("resume").Failed(75);
        Assert.Equal($"Paused: go/confirm asks \"Sure?\", and there is no terminal to ask on; --yes confirms\nUse: lockstep resume {Id()}\n", ran.Error);
        Assert.Equal("paused", Status());
        Assert.Equal("later\n", _scenario.Run("resume", "--yes").Succeeded().Out);
        Assert.Equal("succeeded", Status());
    }

    [Fact]
    public void To_resume_what_has_ended_prints_how_it_ended()
    {
        _scenario.Commands("go: sh -c 'exit 3'\n").Run("go").Failed(3);
        var document = _scenario.Run("resume", Id(), "--json").Failed(3).Json;
        Assert.Equal(("failed", 3), (document.GetProperty("outcome").GetString(), document.GetProperty("exit_code").GetInt32()));
    }

    [Fact]
    public void The_step_that_waits_is_the_one_that_is_answered_for()
    {
        Parked();
        var document = _scenario.Run("approve", "--done", "--json").Succeeded().Json;
        Assert.Equal("approve", document.GetProperty("asked").GetString());
        Assert.EndsWith("effect/1", document.GetProperty("step").GetString(), StringComparison.Ordinal);
        Assert.Equal("after\n", _scenario.Run("resume").Succeeded().Out);
    }

    [Theory]
    [InlineData("pay/efect/1", 4, "did you mean pay/")]
    [InlineData("pay/2", 3, "it is idempotent")]
    [InlineData("effect-2/1", 3, "it has not started")]
    public void An_answer_that_nobody_waits_for_is_refused(string step, int exitCode, string why)
    {
        Parked();
        Assert.Contains(why, _scenario.Run("approve", "last", step, "--done").Failed(exitCode).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_can_be_asked_and_steps_that_wait_are_completed()
    {
        Parked();
        var run = Id();
        _scenario.Run("other").Succeeded();
        var offered = _scenario.Run("__complete", "--", "approve", "run-").Succeeded().Out;
        Assert.StartsWith($"{run}\t", Assert.Single(offered.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Equal("", _scenario.Run("__complete", "--", "pause", "run-").Succeeded().Out);
        Assert.Contains("effect/1\t", _scenario.Run("__complete", "--", "approve", run, "").Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains("paused", _scenario.Run("__complete", "--", "runs", "--status", "").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asked_is_known_without_a_variable()
    {
        Paused();
        Assert.Contains($"asked by {Environment.UserName}", _scenario.Run("show").Succeeded().Out + _scenario.Run("events").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_in_the_background_is_ended_by_abort()
    {
        var started = _scenario.Commands("serve: sleep 60\n").Run("serve", "--detach").Succeeded();
        var run = started.Out.Trim();
        Assert.Contains($"lockstep abort {run} stops it", started.Error, StringComparison.Ordinal);
        _scenario.Run("abort").Succeeded();

        // Follows until the run has ended.
        _scenario.Run("logs", run, "-f").Succeeded();
        Assert.Equal("cancelled", Status());
    }

    /// <summary>A run that stands still after its first step.</summary>
    private string Paused()
    {
        // The run may take a moment to come into the store. The step goes on when the file, written as things happen, tells that the run has heard of the wish.
        _scenario.Commands($"go: {{\n  until {Scenario.CommandLine} pause $LOCKSTEP_RUN 2>/dev/null; do sleep 0.05; done; until grep -q '\"type\":\"execution:pausing\"' events.jsonl; do sleep 0.01; done\n  echo later\n}}\nother: echo other\n");
        _scenario.Run("go", "--events=events.jsonl").Failed(75);
        return Id();
    }

    /// <summary>A run that waits for an answer, because its process died in a step that may happen only once.</summary>
    private void Parked()
    {
        _scenario.Commands("pay: {\n  echo before\n  @effect(\"once\") { kill -9 $PPID }\n  echo after\n  @effect(\"once\") { true }\n}\nother: echo other\n");
        _scenario.Run("pay").Failed(137);
        _scenario.Run("resume").Failed(75);
    }

    private string Id() => Newest().GetProperty("run").GetString()!;

    private string Status() => Newest().GetProperty("status").GetString()!;

    private System.Text.Json.JsonElement Newest() => _scenario.Run("runs", "--json", "--limit=1").Succeeded().Json.GetProperty("runs")[0];
}
