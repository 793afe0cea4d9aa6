using Lockstep.Execution;
using Lockstep.Execution.Steps;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Plans.Json;
using Lockstep.Plans.Nodes;
using Lockstep.Plans.Views;

namespace Lockstep.Tests.Embedding;

public sealed class CodePlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Steps_of_the_host_run_as_the_plan_says_and_get_their_parameters()
    {
        var calls = new List<string>();
        var plan = new CodePlan("import", _folder.Path).Add(steps => steps
            .Custom("fetch", "get", ("url", "https://example.org"))
            .Parallel("load", branches => branches.Custom("users", "put", ("table", "users")).Custom("orders", "put", ("table", "orders")), concurrency: 1)).Build();
        var steps = CustomSteps.None
            .With("get", (call, _) => Said($"get {call.Parameters["url"]}"))
            .With("put", (call, _) => Said($"put {call.Parameters["table"]}"));

        using var runs = Runs();
        var result = runs.Run(plan, new RunOptions { Steps = steps });

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.Equal(["get https://example.org", "put users", "put orders"], calls);
        using var history = runs.OpenHistory();
        Assert.Equal(RunStatus.Succeeded, history.Find(result.Run.Text)?.Status);

        ValueTask<CustomStepResult> Said(string what)
        {
            calls.Add(what);
            return new(CustomStepResult.Success);
        }
    }

    [Fact]
    public void A_plan_of_the_host_is_shown_and_written_as_any_other()
    {
        var plan = new CodePlan("import", _folder.Path).Add(steps => steps.Custom("fetch", "get", ("url", "x")).Shell("count", "wc -l *.csv")).Build();

        var tree = new StringWriter();
        PlanTree.Write(tree, plan, new TreeOptions());
        Assert.Equal("import:\n├─ @get {url=x}\n└─ wc -l *.csv\n", tree.ToString());
        Assert.Equal(PlanJson.ToUtf8(plan), PlanJson.ToUtf8(PlanJson.Read(PlanJson.ToUtf8(plan))));
        Assert.Equal("import/fetch", ((SequenceNode)plan.Root).Steps[0].Id.Path);
    }

    [Theory]
    [InlineData("an error", 7, Outcome.Failed)]
    [InlineData(null, 0, Outcome.Succeeded)]
    public void A_step_says_how_it_ended(string? error, int exitCode, Outcome outcome)
    {
        using var runs = Runs();
        var result = runs.Run(One("step"), new RunOptions { Steps = CustomSteps.None.With("step", (_, _) => new(new CustomStepResult(error, 7))) });

        Assert.Equal((outcome, exitCode), (result.End.Outcome, result.ExitCode));
        Assert.Equal(error, result.End.Reason);
    }

    [Fact]
    public void What_a_step_throws_is_its_failure()
    {
        using var runs = Runs();
        var result = runs.Run(One("step"), new RunOptions { Steps = CustomSteps.None.With("step", (_, _) => throw new InvalidDataException("not a number")) });

        Assert.Equal("InvalidDataException: not a number", result.End.Reason);
    }

    [Fact]
    public void A_step_that_nobody_registered_fails_and_says_how_to()
    {
        using var runs = Runs();
        Assert.Contains("CustomSteps.With", runs.Run(One("step"), new RunOptions()).End.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_that_compute_run_on_threads_of_their_own_at_the_same_time()
    {
        using var both = new Barrier(2);
        var plan = new CodePlan("compute", _folder.Path).Add(steps => steps
            .Parallel("both", branches => branches.Custom("a", "work").Custom("b", "work"), concurrency: 2)).Build();
        var steps = CustomSteps.None.WithWorker("work", (_, cancel) =>
            both.SignalAndWait(TimeSpan.FromMinutes(1), cancel) ? CustomStepResult.Success : CustomStepResult.Failure("alone"));

        using var runs = Runs();
        var expected = Environment.ProcessorCount >= 2 ? ExitCode.Success : 1;
        Assert.Equal(expected, runs.Run(plan, new RunOptions { Steps = steps }).ExitCode);
    }

    [Theory]
    [InlineData(1, null, "--jobs")]
    [InlineData(null, "1", "LOCKSTEP_MAX_STEPS")]
    [InlineData(3, "1", "LOCKSTEP_MAX_STEPS")]
    public void Steps_of_the_host_take_places_as_commands_do(int? jobs, string? ofMachine, string limit)
    {
        var plan = new CodePlan("work", _folder.Path).Add(steps => steps
            .Parallel("all", branches => branches.Custom("a", "work").Custom("b", "work").Custom("c", "work"), concurrency: 3)).Build();
        var (now, most) = (0, 0);
        var steps = CustomSteps.None.With("work", async (_, _) =>
        {
            most = Math.Max(most, ++now);
            await Task.Yield();
            now--;
            return CustomStepResult.Success;
        });

        using var runs = Runs(ofMachine);
        var waits = new List<SlotWaited>();
        var options = new RunOptions { Steps = steps, Jobs = jobs, OnEvent = happened => waits.AddRange(happened is SlotWaited wait ? [wait] : []) };
        Assert.Equal(ExitCode.Success, runs.Run(plan, options).ExitCode);
        Assert.Equal((1, 2), (most, waits.Count));
        Assert.All(waits, wait => Assert.Equal((limit, 1), (wait.Limit, wait.Slots)));
    }

    [Fact]
    public void What_a_step_prints_is_kept_as_its_output()
    {
        using var runs = Runs();
        var result = runs.Run(One("step"), new RunOptions
        {
            Steps = CustomSteps.None.With("step", (call, _) =>
            {
                call.Print("hello\n");
                return new(CustomStepResult.Success);
            }),
        });

        using var history = runs.OpenHistory();
        using var log = Assert.Single(history.Logs(result.Run)).Open();
        Assert.Equal("hello\n", new StreamReader(log).ReadToEnd());
    }

    [Fact]
    public void What_a_worker_prints_last_is_kept_too()
    {
        using var runs = Runs();
        for (var i = 0; i < 50; i++)
        {
            var result = runs.Run(One("step"), new RunOptions
            {
                Steps = CustomSteps.None.WithWorker("step", (call, _) =>
                {
                    call.Print("computed\n");
                    return CustomStepResult.Success;
                }),
            });

            using var history = runs.OpenHistory();
            using var log = Assert.Single(history.Logs(result.Run)).Open();
            Assert.Equal("computed\n", new StreamReader(log).ReadToEnd());
        }
    }

    [Fact]
    public async Task A_run_beside_the_program_is_watched_paused_and_resumed()
    {
        var calls = new List<string>();
        var plan = new CodePlan("two", _folder.Path).Add(steps => steps.Custom("a", "step").Custom("b", "step")).Build();
        using var runs = Runs();
        RunHandle? handle = null;
        var started = new TaskCompletionSource();
        var steps = CustomSteps.None.With("step", async (call, _) =>
        {
            calls.Add(call.Step);
            await started.Task;
            if (call.Step == "two/a") handle!.Pause("anna", "lunch");
            return CustomStepResult.Success;
        });

        handle = runs.Start(plan, new RunOptions { Steps = steps });
        started.SetResult();
        var events = new List<RunEvent>();
        await foreach (var happened in handle.Events()) events.Add(happened);
        var paused = await handle.Completion;

        Assert.Equal(ExitCode.Paused, paused.ExitCode);
        Assert.IsType<RunStarted>(events[0]);
        Assert.IsType<RunPaused>(events[^1]);

        var resumed = await runs.StartResume(await handle.Begun, new RunOptions { Steps = steps }).Completion;
        Assert.Equal(ExitCode.Success, resumed.ExitCode);
        Assert.Equal(["two/a", "two/b"], calls);
    }

    [Fact]
    public void A_run_that_is_not_kept_leaves_nothing_behind()
    {
        using var runs = Runs();
        var result = runs.Run(One("step"), new RunOptions { Keep = false, Steps = CustomSteps.None.With("step", (_, _) => new(CustomStepResult.Success)) });

        Assert.Equal(ExitCode.Success, result.ExitCode);
        Assert.False(Directory.Exists(_folder["store"]));
    }

    [Fact]
    public void Names_of_steps_are_checked()
    {
        Assert.Throws<ArgumentException>(() => new CodePlan("p").Add(steps => steps.Shell("a", "x").Shell("a", "y")));
        Assert.Throws<ArgumentException>(() => new CodePlan("p").Add(steps => steps.Shell("a/b", "x")));
        Assert.Throws<ArgumentException>(() => CustomSteps.None.With("a", (_, _) => default).With("a", (_, _) => default));
    }

    public void Dispose() => _folder.Dispose();

    private Plan One(string type) => new CodePlan("one", _folder.Path).Add(steps => steps.Custom("only", type)).Build();

    private Runs Runs(string? places = null) => new(new ProjectOptions
    {
        Directory = _folder.Path,
        Environment = name => name switch
        {
            "LOCKSTEP_HOME" => _folder["store"],
            "LOCKSTEP_MAX_STEPS" => places,
            _ => null,
        },
    });
}
