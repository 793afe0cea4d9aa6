using Lockstep.Journal;
using Lockstep.Sqlite.Logs;
using Lockstep.Workspaces;

namespace Lockstep.Sqlite;

/// <summary>Where history is kept.</summary>
public static class StoreFolder
{
    internal const string Nowhere = "/dev/null/lockstep";
    internal const string NoPlace = "history has no place: neither LOCKSTEP_HOME, XDG_STATE_HOME nor HOME names a folder; set LOCKSTEP_HOME";

    /// <summary>The absolute path of the folder: <c>LOCKSTEP_HOME</c>, else <c>lockstep</c> in <c>XDG_STATE_HOME</c>, else <c>~/.local/state/lockstep</c>.</summary>
    /// <param name="variable">Gives an environment variable's value; null or empty when it is not set.</param>
    /// <remarks><c>XDG_STATE_HOME</c> is ignored when it is relative, as its specification asks. The folder need not exist.</remarks>
    /// <exception cref="JournalException">No variable names a folder and the user has no home.</exception>
    public static string Locate(Func<string, string?> variable)
    {
        if (variable("LOCKSTEP_HOME") is { Length: > 0 } own) return Path.GetFullPath(own);
        if (variable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathFullyQualified(state)) return Path.Join(state, "lockstep");
        if (OperatingSystem.IsWindows() && variable("LOCALAPPDATA") is { Length: > 0 } local) return Path.Join(local, "lockstep");
        var home = variable("HOME") is { Length: > 0 } named ? named : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (Path.IsPathFullyQualified(home)) return Path.Join(home, ".local", "state", "lockstep");
        throw new JournalException(NoPlace);
    }

    /// <summary>The same for a run, which goes on without history where that has no place: then a path at which nothing can be.</summary>
    internal static string LocateOrNowhere(Func<string, string?> variable)
    {
        try
        {
            return Locate(variable);
        }
        catch (JournalException)
        {
            return Nowhere;
        }
    }

    /// <summary>Whether a file of the store is there. That it can't be seen is not the same as that it is missing.</summary>
    /// <exception cref="NoFolderException">A file stands where a folder above it belongs.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be entered.</exception>
    internal static bool Holds(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
            {
                if (File.Exists(above)) throw new NoFolderException(above);
                if (Directory.Exists(above)) break;
            }

            return false;
        }
    }

    internal static string Database(string folder) => Path.Join(folder, "lockstep.db");

    internal static string Logs(string folder, RunId run) => Path.Join(folder, "logs", LogName.Encode(run.Text));
}
