using System.Collections.Immutable;
using Lockstep.Workspaces.Outputs;

namespace Lockstep.Tests.Workspaces.Outputs;

/// <summary>A store and a work folder, and a step that is restored where it can be, else run and kept.</summary>
internal sealed class CachedStep : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CachedStep()
    {
        Cache = new OutputCache(Store, Clock);
        Directory.CreateDirectory(Work);
    }

    public ManualTime Clock { get; } = new();

    public OutputCache Cache { get; set; }

    public string Store => _folder["store"];

    public string Work => _folder["work"];

    public ImmutableArray<string> Inputs { get; set; } = ["src/**"];

    public ImmutableArray<string> Outputs { get; set; } = ["dist"];

    public string Commands { get; set; } = "build";

    public string this[string file] => Path.Combine(Work, file);

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
        File.WriteAllText(this[file], text);
    }

    public Task<OutputKey> KeyAsync() => Cache.KeyAsync(new OutputRequest(Work, Inputs, Outputs, Commands, ""), CancellationToken.None);

    public async Task<OutputLookup> RestoreAsync() => await Cache.RestoreAsync(await KeyAsync(), CancellationToken.None);

    /// <summary>Makes the key, does what the step would, keeps the result.</summary>
    public async Task<OutputSave> RunAsync(Action body)
    {
        var key = await KeyAsync();
        body();
        return await Cache.SaveAsync(key, CancellationToken.None);
    }

    public async Task<string> MissedAsync() => Assert.IsType<OutputsMissed>(await RestoreAsync()).Reason;

    public async Task<OutputsRestored> RestoredAsync() => Assert.IsType<OutputsRestored>(await RestoreAsync());

    public IEnumerable<string> StoredFiles(string kind) => Directory.EnumerateFiles(Path.Combine(Store, "cache/outputs", kind), "*", SearchOption.AllDirectories);

    public void Dispose() => _folder.Dispose();
}
