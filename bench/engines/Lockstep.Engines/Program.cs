using System.Diagnostics;
using System.Globalization;
using Lockstep;
using Lockstep.Execution;
using Lockstep.Execution.Steps;
using Lockstep.Plans;

// Runs a workflow of steps that do nothing, one run after the other, for a while: lines of "SHAPE JOURNAL RUNS-PER-SECOND".
// Arguments: seconds per figure, then a folder for the store.
var seconds = double.Parse(args[0], CultureInfo.InvariantCulture);
var folder = args[1];
var shapes = new (string Name, Plan Plan)[]
{
    ("chain", new CodePlan("chain", folder).Add(steps => { for (var i = 0; i < 7; i++) steps.Custom($"s{i}", "nothing"); }).Build()),
    ("fan", new CodePlan("fan", folder).Add(steps => steps
        .Custom("begin", "nothing")
        .Parallel("many", branches => { for (var i = 0; i < 20; i++) branches.Custom($"b{i}", "nothing"); }, concurrency: 20)
        .Custom("end", "nothing")).Build()),
};
var options = new RunOptions { Steps = CustomSteps.None.With("nothing", (_, _) => new(CustomStepResult.Success)) };
var runs = new Runs(new ProjectOptions
{
    Directory = folder,
    Environment = name => name == "LOCKSTEP_HOME" ? Path.Combine(folder, "store") : Environment.GetEnvironmentVariable(name),
});

foreach (var (name, plan) in shapes)
{
    foreach (var keep in new[] { false, true })
    {
        Measure(plan, keep, TimeSpan.FromSeconds(seconds / 5));
        var rate = Measure(plan, keep, TimeSpan.FromSeconds(seconds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {(keep ? "sqlite" : "memory")} {rate:0}"));
    }
}

double Measure(Plan plan, bool keep, TimeSpan time)
{
    var how = options with { Keep = keep };
    var count = 0;
    var clock = Stopwatch.StartNew();
    while (clock.Elapsed < time)
    {
        var result = runs.Run(plan, how with { Control = new RunControl() });
        if (result.ExitCode != 0) throw new InvalidOperationException(result.End.Reason);
        if (result.HistoryLost is { } lost) throw new InvalidOperationException(lost);
        count++;
    }

    return count / clock.Elapsed.TotalSeconds;
}
