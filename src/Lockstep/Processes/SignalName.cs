namespace Lockstep.Processes;

/// <summary>What people call a signal.</summary>
internal static class SignalName
{
    /// <summary>Its name, such as <c>SIGKILL</c>, with what it usually means; its number where it has none here.</summary>
    public static string Of(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL (a program with instructions this machine lacks)",
        6 => "SIGABRT (the program gave up)",
        7 => "SIGBUS",
        8 => "SIGFPE (an impossible calculation)",
        9 => "SIGKILL (killed, perhaps for lack of memory)",
        11 => "SIGSEGV (the program crashed)",
        13 => "SIGPIPE (its reader had stopped)",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => signal.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
