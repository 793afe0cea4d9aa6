namespace Lockstep.Cli.Tests.Stores;

public sealed class RerunTests : IDisposable
{
    private readonly Scenario _scenario = new();

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public void Rerun_goes_on_from_a_step_and_show_says_what_was_forked_from_what()
    {
        _scenario.Commands("deploy(env): {\n  echo build @var(env)\n  sh -c 'test -f ok || exit 3'\n  echo ship @var(env)\n}\n").Run("deploy", "prod").Failed(3);
        _scenario.With("ok", "");
        var first = _scenario.Run("show", "--json").Succeeded().Json.GetProperty("run").GetString()!;
        var again = _scenario.Run("rerun", first, "--from", "2", "--input", "env=dev").Succeeded();
        Assert.Equal($"Reruns {first} from the step deploy/2, with env=dev\n", again.Error);
        Assert.Equal("ship dev\n", again.Out);

        var shown = _scenario.Run("show", "--json").Succeeded().Json;
        Assert.Equal(first, shown.GetProperty("parent").GetString());
        Assert.Equal("the step deploy/2", shown.GetProperty("forked_from").GetString());
        Assert.Equal(["env=dev"], shown.GetProperty("changes").EnumerateArray().Select(change => change.GetString()));
        Assert.Contains($"rerun of: {first} from the step deploy/2, with env=dev\n", _scenario.Run("show").Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains($"reruns: {shown.GetProperty("run").GetString()}\n", _scenario.Run("show", first).Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal("failed", _scenario.Run("show", first, "--json").Succeeded().Json.GetProperty("status").GetString());
        Assert.Equal("==> deploy/1 <==\nbuild prod\n==> deploy/3 <==\nship dev\n", _scenario.Run("logs").Succeeded().Out);
    }

    [Fact]
    public void Runs_as_a_tree_show_what_was_rerun_from_what()
    {
        _scenario.Commands("a: echo a\nb: echo b\n").Run("a").Succeeded();
        var first = Newest();
        _scenario.Run("rerun", first).Succeeded();
        var second = Newest();
        _scenario.Run("rerun", second).Succeeded();
        var third = Newest();
        _scenario.Run("b").Succeeded();
        var other = Newest();
        _scenario.Run("rerun", first).Succeeded();
        var last = Newest();

        string[] whole = [first, $"├─ {second}", $"│  └─ {third}", $"└─ {last}", other];
        Assert.Equal(whole, Drawn("runs", "--tree"));
        Assert.Equal(whole[..4], Drawn("runs", "--tree", "--limit", "1"));
        var json = _scenario.Run("runs", "--tree", "--json").Succeeded().Json.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal([0, 1, 2, 1, 0], json.Select(run => run.GetProperty("depth").GetInt32()));
        Assert.Equal((second, first), (json[2].GetProperty("parent").GetString(), json[3].GetProperty("parent").GetString()));
        Assert.True(json[1].TryGetProperty("forked_after", out _));

        string Newest() => _scenario.Run("runs", "--json", "--limit", "1").Succeeded().Json.GetProperty("runs")[0].GetProperty("run").GetString()!;

        string[] Drawn(params string[] arguments)
            => [.. _scenario.Run(arguments).Succeeded().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..(line.IndexOf("run-", StringComparison.Ordinal) + first.Length)])];
    }

    [Theory]
    [InlineData("rerun", "w")]
    [InlineData("resume", "p")]
    public void A_limit_holds_for_a_run_that_goes_on_too(string command, string first)
    {
        _scenario.Commands("w: @parallel(concurrency = 2) {\n  echo a\n  echo b\n}\np: {\n  @effect(\"once\", verify = \"true\") { kill -9 $PPID }\n  @parallel(concurrency = 2) {\n    echo a\n    echo b\n  }\n}\n").Run(first);
        _scenario.Run(command, "--jobs", "1").Succeeded();
        Assert.Contains("--jobs allows 1", _scenario.Run("why").Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains("--jobs must be 1 or more, not 0", _scenario.Run(command, "-j", "0").Failed(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rerun_that_needs_a_sensitive_value_says_what_to_type()
    {
        _scenario.Commands("login(token): sh -c 'test ${#0} = 10 && echo in' @var(token)\n").Run("login", "swordfish1").Succeeded();
        var run = _scenario.Run("runs", "--json").Succeeded().Json.GetProperty("runs")[0].GetProperty("run").GetString();
        Assert.Equal(
            $"Error: sensitive values are not kept with a run, and it needs one of them again\nUse: lockstep rerun {run} --input token=…\n",
            _scenario.Run("rerun").Failed(3).Error);
        Assert.Equal("in\n", _scenario.Run("rerun", "--input", "token=swordfish1").Succeeded().Out);
        Assert.DoesNotContain("swordfish1", _scenario.Run("events").Succeeded().Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "the run has neither a step nor a checkpoint called 'nowhere'", "--from", "nowhere")]
    [InlineData(2, "no step of the plan uses a parameter 'enw'", "--input", "enw=x")]
    [InlineData(2, "write --input env=…", "--set", "env=x")]
    [InlineData(2, "--input needs NAME=VALUE", "--input", "env")]
    [InlineData(2, "--input env is given twice", "--input=env=a", "--input=env=b")]
    public void What_can_not_be_rerun_is_refused_with_the_reason(int code, string why, params string[] arguments)
    {
        _scenario.Commands("w(env): echo @var(env)\n").Run("w", "prod").Succeeded();
        Assert.Contains(why, _scenario.Run(["rerun", .. arguments]).Failed(code).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_a_run_that_has_ended_is_refused_and_a_step_does_instead()
    {
        _scenario.Commands("w: echo a\n").Run("w").Succeeded();
        Assert.Contains("--from STEP` goes on from any that was run", _scenario.Run("checkpoint", "last", "tested").Failed(3).Error, StringComparison.Ordinal);
    }
}
