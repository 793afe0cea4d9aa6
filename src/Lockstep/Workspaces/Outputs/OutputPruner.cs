using System.Collections.Immutable;

namespace Lockstep.Workspaces.Outputs;

/// <summary>How much the cache holds.</summary>
internal sealed record CacheSize(int Entries, long Bytes);

/// <summary>What pruning did.</summary>
/// <param name="Removed">What is gone.</param>
/// <param name="Left">What is left.</param>
internal sealed record CachePruned(CacheSize Removed, CacheSize Left);

/// <summary>Removes the results used longest ago, and whatever no result needs. The caller holds the folder alone.</summary>
internal sealed class OutputPruner(OutputFolder folder, CancellationToken cancel)
{
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);
    private long _neededBytes;

    /// <summary>Counts files, without holding the folder: a moment's size.</summary>
    public static CacheSize Measure(OutputFolder folder, DateTime? unusedSince = null)
    {
        var entries = FilesIn(folder.Entries);
        if (unusedSince is { } since) return Sum(entries.Where(entry => entry.LastWriteTimeUtc < since));
        return new CacheSize(entries.Count, entries.Concat(FilesIn(folder.Recipes)).Concat(FilesIn(folder.Blobs)).Sum(file => file.Length));
    }

    public CachePruned Prune(long maxBytes, DateTime? unusedSince = null)
    {
        var before = Measure(folder);
        foreach (var file in FilesIn(folder.Temporaries)) file.Delete();

        var full = false;
        var oldestUse = DateTime.MaxValue;
        foreach (var entry in FilesIn(folder.Entries).OrderByDescending(entry => entry.LastWriteTimeUtc).ThenBy(entry => entry.Name, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            var outputs = full ? null : OutputManifest.ReadOutputs(entry.FullName);
            full = full || entry.LastWriteTimeUtc < unusedSince || (outputs is not null && !TryNeed(entry.Length, outputs.Value, maxBytes));
            if (full || outputs is null) entry.Delete();
            else oldestUse = entry.LastWriteTimeUtc;
        }

        foreach (var recipe in FilesIn(folder.Recipes))
            if (recipe.LastWriteTimeUtc < oldestUse) recipe.Delete();

        foreach (var blob in FilesIn(folder.Blobs))
            if (!_needed.Contains(blob.Name)) blob.Delete();

        var left = Measure(folder);
        return new CachePruned(new CacheSize(before.Entries - left.Entries, before.Bytes - left.Bytes), left);
    }

    private static CacheSize Sum(IEnumerable<FileInfo> files)
    {
        var all = files.ToList();
        return new CacheSize(all.Count, all.Sum(file => file.Length));
    }

    private bool TryNeed(long entryBytes, ImmutableArray<KeptOutput> outputs, long maxBytes)
    {
        var fresh = outputs.Where(output => output.Kind == Globs.FoundKind.File && !_needed.Contains(output.Content)).DistinctBy(output => output.Content).ToList();
        var bytes = _neededBytes + entryBytes + fresh.Sum(output => output.Length);
        if (bytes > maxBytes) return false;
        _neededBytes = bytes;
        _needed.UnionWith(fresh.Select(output => output.Content));
        return true;
    }

    private static List<FileInfo> FilesIn(string path)
        => Directory.Exists(path) ? [.. new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories)] : [];
}
