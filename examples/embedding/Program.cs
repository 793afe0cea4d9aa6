using System.Globalization;
using Lockstep;
using Lockstep.Execution;
using Lockstep.Execution.Steps;
using Lockstep.Journal;
using Lockstep.Plans.Nodes;

// An import that survives being killed: `dotnet run --project examples/embedding`, and again with the run's id after a Ctrl-C or a kill.
var folder = Path.Combine(Path.GetTempPath(), "lockstep-embedding");
Directory.CreateDirectory(folder);
using var runs = new Runs(new ProjectOptions { Directory = folder });

// The steps are ours: what they do is C#, when and whether they run is the plan's.
var steps = CustomSteps.None
    .With("fetch", async (call, cancel) =>
    {
        await Task.Delay(200, cancel);
        await File.WriteAllTextAsync(Path.Combine(call.Directory, $"{call.Parameters["table"]}.csv"), "1\n2\n3\n", cancel);
        call.Print($"fetched {call.Parameters["table"]}\n");
        return CustomStepResult.Success;
    })
    .WithWorker("sum", (call, cancel) =>
    {
        // This one computes, so it has a thread of its own.
        var sum = Directory.GetFiles(call.Directory, "*.csv").SelectMany(File.ReadAllLines).Sum(line => int.Parse(line, CultureInfo.InvariantCulture));
        call.Print($"the sum is {sum}\n");
        return sum > 0 ? CustomStepResult.Success : CustomStepResult.Failure("there is nothing to sum up");
    });

var plan = new CodePlan("import", folder).Add(import => import
    .Retry("fetch", attempts: 3, delay: TimeSpan.FromSeconds(1), fetch => fetch
        .Parallel("tables", tables => tables
            .Custom("users", "fetch", ("table", "users"))
            .Custom("orders", "fetch", ("table", "orders"))))
    .Custom("sum", "sum")
    .Effect("announce", EffectKind.Keyed, announce => announce.Shell("log", "echo \"imported, with the key $LOCKSTEP_STEP_KEY\""))).Build();

var how = new RunOptions { Steps = steps, OnOutput = (_, _, bytes) => Console.Out.Write(System.Text.Encoding.UTF8.GetString(bytes)) };
var run = args is [var id] ? runs.StartResume(new RunId(id), how) : runs.Start(plan, how);
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    run.Pause("Ctrl-C");
};

await foreach (var happened in run.Events())
{
    if (happened is StepStarted started) Console.WriteLine($"→ {started.Step}: {started.Reason}");
    if (happened is StepEnded ended) Console.WriteLine($"← {ended.Step}: {ended.Outcome} after {ended.Duration.TotalMilliseconds:0} ms");
}

var result = await run.Completion;
Console.WriteLine(result.Paused is { } paused ? $"{result.Run} is paused ({paused.Reason}); go on with this id as argument" : $"{result.Run} {result.End.Outcome}");
return result.ExitCode;
