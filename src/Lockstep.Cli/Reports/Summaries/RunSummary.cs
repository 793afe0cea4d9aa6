using Lockstep.Journal;
using Lockstep.Plans;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>One or two lines at the end of a run that succeeded on a terminal.</summary>
internal static class RunSummary
{
    private const int Slowest = 3;
    private static readonly TimeSpan _worthTelling = TimeSpan.FromMilliseconds(100);

    public static void Write(Host host, Plan plan, RunLog log, RunResult result)
    {
        var style = host.Screen.ErrorStyle;
        var ended = log.Leaves.Where(leaf => leaf.End is not null).ToList();
        var headline = FailureSummary.Headline(plan, style, result.End, []);
        var counts = $" · {ended.Count} steps{Skipped(log)}";
        var fits = Terminal.TextWidth.Of(Terminal.TextWidth.Printable(headline)) + Terminal.TextWidth.Of(counts) <= Terminal.Screen.Columns;
        host.Screen.Error.WriteLine(fits ? headline + style.Dim(counts) : headline);
        var slow = ended.Where(leaf => leaf.End!.Duration >= _worthTelling).OrderByDescending(leaf => leaf.End!.Duration).Take(Slowest).ToList();
        if (slow.Count < 2) return;
        var told = "  slowest: " + string.Join(", ", slow.Select(leaf => $"{Name(leaf)} {Durations.Short(leaf.End!.Duration)}"));
        host.Screen.Error.WriteLine(style.Dim(Terminal.TextWidth.Cut(told, Terminal.Screen.Columns)));
    }

    private static string Skipped(RunLog log) => log.Skipped.Count == 0 ? "" : $", {log.Skipped.Count} skipped";

    private static string Name(LeafRecord leaf) => Terminal.TextWidth.Cut(Terminal.TextWidth.Printable(leaf.Text), 30);
}
