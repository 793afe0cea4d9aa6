namespace Lockstep.Workspaces.Outputs;

/// <summary>Results of steps by the content of their inputs, in <c>cache/outputs</c> of the store, shared by all processes of the user.</summary>
/// <remarks>
/// A cache makes a run faster, never fail: what can't be read or is damaged is a miss with a reason, what can't be kept is told. Work is
/// done on the thread pool.
/// </remarks>
/// <param name="store">The store's folder; globs never reach into it.</param>
/// <param name="clock">The clock of the last use.</param>
internal sealed class OutputCache(string store, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly OutputFolder _folder = new(Path.Combine(store, "cache", "outputs"));

    /// <summary>Makes the key of a step's result by reading all its inputs.</summary>
    public Task<OutputKey> KeyAsync(OutputRequest request, CancellationToken cancel)
        => Task.Run(() => InputDigest.KeyOf(request, store, cancel), cancel);

    /// <summary>Restores a result if there is a whole one. A cancelled restore leaves the outputs as they were.</summary>
    public Task<OutputLookup> RestoreAsync(OutputKey key, CancellationToken cancel) => Task.Run(
        async () =>
        {
            if (key.Id is null) return new OutputsMissed(key.Problem ?? "");
            var entry = _folder.Entry(key.Id);
            if (!File.Exists(entry)) return new OutputsMissed(ReasonOfMiss(key));
            try
            {
                using var hold = await FileLock.TakeAsync(_folder.LockFile, shared: true, Patience, clock, busy: null, cancel);
                if (hold is null) return new OutputsMissed("the cache is being pruned");
                if (OutputManifest.ReadOutputs(entry) is not { } outputs) return new OutputsMissed("the kept result is damaged");
                using var restorer = new OutputRestorer(_folder, key.Request.Directory, cancel);
                var lookup = restorer.Restore(outputs);
                if (lookup is OutputsRestored) MarkUsed(key.Recipe, entry);
                return lookup;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new OutputsMissed($"the outputs can't be restored: {error.Message}");
            }
        },
        cancel);

    /// <summary>Keeps a result after its step succeeded, unless an input changed meanwhile.</summary>
    public Task<OutputSave> SaveAsync(OutputKey key, CancellationToken cancel) => Task.Run<OutputSave>(
        async () =>
        {
            if (key.Id is null || key.OutputGlobs is null) return new OutputsNotSaved(key.Problem ?? "", []);
            try
            {
                _folder.Create();
                using var hold = await FileLock.TakeAsync(_folder.LockFile, shared: true, Patience, clock, busy: null, cancel);
                if (hold is null) return new OutputsNotSaved("the cache is being pruned", []);
                var saved = new OutputKeeper(_folder, key, store, cancel).Keep(key.Id, key.OutputGlobs);
                if (saved is OutputsSaved) MarkUsed(key.Recipe, _folder.Entry(key.Id));
                return saved;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new OutputsNotSaved($"the outputs can't be kept: {error.Message}", []);
            }
        },
        cancel);

    /// <summary>How much is kept now.</summary>
    /// <param name="unusedSince">Only results last used before then; null for all.</param>
    public Task<CacheSize> MeasureAsync(DateTimeOffset? unusedSince = null) => Task.Run(() => OutputPruner.Measure(_folder, unusedSince?.UtcDateTime));

    /// <summary>Removes results, those used longest ago first, until no more than the given size is kept. Null when the cache stays in use.</summary>
    /// <param name="maxBytes">The size.</param>
    /// <param name="cancel">Ends it between two files.</param>
    /// <param name="unusedSince">Results last used before then go in any case; null for none.</param>
    /// <exception cref="IOException">A file can't be removed.</exception>
    public Task<CachePruned?> PruneAsync(long maxBytes, CancellationToken cancel, DateTimeOffset? unusedSince = null) => Task.Run(
        async () =>
        {
            if (!Directory.Exists(_folder.Entries)) return new CachePruned(new CacheSize(0, 0), new CacheSize(0, 0));
            using var hold = await FileLock.TakeAsync(_folder.LockFile, shared: false, Patience, clock, busy: null, cancel);
            return hold is null ? null : new OutputPruner(_folder, cancel).Prune(maxBytes, unusedSince?.UtcDateTime);
        },
        cancel);

    private void MarkUsed(string recipe, string entry)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        File.SetLastWriteTimeUtc(entry, now);
        if (File.Exists(_folder.Recipe(recipe))) File.SetLastWriteTimeUtc(_folder.Recipe(recipe), now);
    }

    /// <summary>What is different from the last result of the same step.</summary>
    private string ReasonOfMiss(OutputKey key)
    {
        if (OutputManifest.ReadInputs(_folder.Recipe(key.Recipe)) is not { } last) return "no result of these commands, key and patterns is kept";
        var before = last.ToDictionary(input => input.Path, input => input.Hash, StringComparer.Ordinal);
        var now = key.Inputs.ToDictionary(input => input.Path, input => input.Hash, StringComparer.Ordinal);
        List<string> changes =
        [
            .. key.Inputs.Where(input => before.TryGetValue(input.Path, out var hash) && hash != input.Hash).Select(input => $"{input.Path} has changed"),
            .. key.Inputs.Where(input => !before.ContainsKey(input.Path)).Select(input => $"{input.Path} is new"),
            .. last.Where(input => !now.ContainsKey(input.Path)).Select(input => $"{input.Path} is gone"),
        ];
        return changes.Count switch
        {
            0 => "the result of these inputs is no longer kept",
            1 => changes[0],
            _ => $"{changes[0]}, and {changes.Count - 1} more inputs differ",
        };
    }
}
