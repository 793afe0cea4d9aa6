using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Reports.Summaries;
using Lockstep.Cli.Reports.Tree;
using Lockstep.Cli.Terminal;
using Lockstep.Journal;
using Lockstep.Plans;
using Lockstep.Simulation;

namespace Lockstep.Cli.BuiltIns.Testing;

/// <summary>Prints what would happen in a run, and where a crash changes it.</summary>
internal static class TestReport
{
    private const int MostDifferences = 20;

    public static void Write(Host host, Plan plan, SimulatedRun run, CrashFindings? crashes)
    {
        var style = host.Screen.OutStyle;
        var output = host.Screen.Out;
        var states = new RowStates(new PlanRows(plan, host.Screen.Unicode));
        foreach (var happened in run.Events) states.Apply(happened);
        var columns = Screen.OutIsTerminal ? Math.Max(20, Screen.Columns) : int.MaxValue / 4;
        output.WriteLine(style.Bold($"{plan.Command}:"));
        foreach (var line in new TreeFrame(states, new FrameOptions(columns, int.MaxValue, style, host.Screen.Unicode, run.Events[^1].At)).Draw()) output.WriteLine(line);
        output.WriteLine();

        var end = run.End;
        var word = OutcomeWord.Of(end.Outcome);
        var told = end.Outcome == Outcome.Succeeded ? style.Green(word) : style.Red(word);
        output.WriteLine($"Simulated: {told}, exit code {end.ExitCode}, {Durations.Short(end.Duration)} on the virtual clock.");
        if (end.Reason is { } reason) output.WriteLine($"{style.Dim("reason:")} {TextWidth.Brief(reason)}");
        if (end.RootCause is { } cause) output.WriteLine($"{style.Dim("root cause:")} {cause}");
        if (crashes is not null) Write(host, crashes);
    }

    private static void Write(Host host, CrashFindings crashes)
    {
        var style = host.Screen.OutStyle;
        var output = host.Screen.Out;
        var count = crashes.Differences == 0 ? style.Green("0 differences") : style.Red($"{crashes.Differences} differences");
        output.WriteLine($"Crashed at {crashes.Points.Length} points, and the recovery at {crashes.Runs - crashes.Points.Length}: {count}.");
        if (crashes.Asked > 0) output.WriteLine($"In {crashes.Asked} of these runs a person had to say whether a step had happened.");
        var left = host.Settings.Verbosity == Verbosity.Verbose ? int.MaxValue : MostDifferences;
        foreach (var point in crashes.Points.Where(point => point.Differences.Length > 0))
        {
            if (left <= 0) break;
            output.WriteLine();
            output.WriteLine($"{style.Red("crash")} {point.Fault} {style.Dim($"({point.Where})")}");
            foreach (var difference in point.Differences.Take(left)) output.WriteLine($"  {difference}");
            left -= point.Differences.Length;
        }
        if (left < 0) output.WriteLine($"\n{style.Dim("and more; --verbose or --json tells all")}");
    }
}
