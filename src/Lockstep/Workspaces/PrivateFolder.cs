namespace Lockstep.Workspaces;

/// <summary>Folders that only their owner may enter.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, and those above it that are missing, for their owner alone; leaves one that exists as it is.</summary>
    /// <exception cref="NoFolderException">A file stands in its place, or in that of one above it.</exception>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        if (File.Exists(folder)) throw new NoFolderException(folder);

        // The platform gives the mode to the last folder only.
        if (Path.GetDirectoryName(folder) is { Length: > 0 } above) Create(above);
        Directory.CreateDirectory(folder, OwnerOnly);
    }
}

/// <summary>A file stands where a folder belongs.</summary>
internal sealed class NoFolderException(string path) : IOException($"{path} is a file, where a folder is needed")
{
    public string Path { get; } = path;
}
