namespace Lockstep.Workspaces;

/// <summary>What changed since it was last asked.</summary>
/// <param name="Files">Relative to the folder, in the order of their first change, at most <see cref="Most"/>; empty where the system lost their names.</param>
/// <param name="More">Whether there were more.</param>
internal sealed record ChangedFiles(IReadOnlyList<string> Files, bool More)
{
    public const int Most = 20;

    /// <summary>In a few words: <c>a.txt changed</c>.</summary>
    public override string ToString() => (Files, More) switch
    {
        ([], _) => "files changed, too many at once for the system to name them",
        ([var only], false) => $"{only} changed",
        ([var first, ..], false) => $"{first} and {Files.Count - 1} more changed",
        ([var first, ..], true) => $"{first} and over {Files.Count - 1} more changed",
    };
}
