using Lockstep.Cli.Terminal;
using Lockstep.Journal;

namespace Lockstep.Cli.Reports.Summaries;

/// <summary>Why a run stands still, and what makes it go on.</summary>
internal static class PauseSummary
{
    public static void Write(Host host, RunId run, RunPaused paused)
    {
        var style = host.Screen.ErrorStyle;
        host.Screen.Error.WriteLine($"{style.Yellow("Paused:")} {TextWidth.Brief(paused.Reason)}");
        if (paused.Step is { } step)
            host.Screen.Error.WriteLine($"{style.Cyan("Use:")} lockstep approve {run} {step} --done, if it has happened, or --again, if it has not");
        host.Screen.Error.WriteLine($"{style.Cyan(paused.Step is null ? "Use:" : "then:")} lockstep resume {run}");
    }
}
