using Lockstep.Cli.Options;
using Lockstep.Cli.Reports;
using Lockstep.Cli.Terminal;

namespace Lockstep.Cli.BuiltIns.Upkeep;

/// <summary>One line on a terminal's standard error that says how far a check has come; nothing elsewhere.</summary>
internal sealed class CheckProgress(Host host)
{
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(100);
    private readonly bool _shows = Screen.ErrorIsTerminal && host.Settings.Verbosity != Verbosity.Quiet;
    private long _shown;

    /// <summary>Before the first run, the database as a whole is looked at.</summary>
    public void Begin()
    {
        _shown = host.Clock.GetTimestamp();
        Write("Checking the database …");
    }

    public void Show(int done, int all)
    {
        if (done > 0 && host.Clock.GetElapsedTime(_shown) < _pace) return;
        _shown = host.Clock.GetTimestamp();
        Write($"Checked {done} of {Counts.Of(all, "run")} …");
    }

    public void End() => Write("");

    private void Write(string text)
    {
        if (!_shows) return;
        host.Screen.Error.Write($"\r\e[K{(host.Screen.Unicode ? text : text.Replace("…", "...", StringComparison.Ordinal))}");
        host.Screen.Error.Flush();
    }
}
