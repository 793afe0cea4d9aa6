using Lockstep.Workspaces.Globs;

namespace Lockstep.Workspaces.Outputs;

/// <summary>
/// Puts kept outputs back. All of them are first written beside their places, and checked there against their hashes; only then are they
/// renamed into place, so that a damaged one leaves the folder as it was.
/// </summary>
internal sealed class OutputRestorer(OutputFolder folder, string directory, CancellationToken cancel) : IDisposable
{
    private readonly ContentHash _hash = new();
    private readonly List<(string Temporary, string Target)> _staged = [];
    private int _unchanged;
    private long _bytes;

    /// <summary>Restores a list; a missing or damaged content is removed from the cache, so that it is kept anew.</summary>
    /// <exception cref="IOException">The folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public OutputLookup Restore(IReadOnlyCollection<KeptOutput> outputs)
    {
        foreach (var output in outputs)
        {
            cancel.ThrowIfCancellationRequested();
            var target = Path.GetFullPath(output.Path, directory);
            if (IsThere(output, target))
            {
                _unchanged++;
                continue;
            }

            if (output.Kind != FoundKind.EmptyFolder && Directory.Exists(target) && new FileInfo(target).LinkTarget is null)
                return new OutputsMissed($"{output.Path} is to be restored as a file, but there is a folder of that name");
            if (!Stage(output, target))
                return new OutputsMissed($"the kept content of {output.Path} is missing or damaged");
        }

        // Nothing is cancelled from here on: half of the outputs would be worse than all.
        foreach (var (temporary, target) in _staged) File.Move(temporary, target, overwrite: true);
        var restored = new OutputsRestored(outputs.Count - _unchanged, _unchanged, _bytes);
        _staged.Clear();
        return restored;
    }

    public void Dispose()
    {
        _hash.Dispose();
        foreach (var (temporary, _) in _staged) File.Delete(temporary);
    }

    private bool Stage(KeptOutput output, string target)
    {
        if (output.Kind == FoundKind.EmptyFolder)
        {
            Directory.CreateDirectory(target);
            return true;
        }

        var parent = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(parent);
        if (output.Kind == FoundKind.Link)
        {
            var link = OutputFolder.TemporaryName(parent);
            File.CreateSymbolicLink(link, output.Content);
            _staged.Add((link, target));
            return true;
        }

        if (!File.Exists(folder.Blob(output.Content))) return false;
        using var blob = new FileStream(folder.Blob(output.Content), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        var (file, path) = OutputFolder.CreateTemporary(parent);
        _staged.Add((path, target));
        using (file)
        {
            if (_hash.OfStream(blob, file, cancel) != output.Content)
            {
                File.Delete(folder.Blob(output.Content));
                return false;
            }

            RegularFile.SetMode(file, output.Mode);
        }

        _bytes += output.Length;
        return true;
    }

    /// <summary>Whether an output is in place as it was kept. Such a file is not touched: tools that go by its time see no change.</summary>
    private bool IsThere(KeptOutput output, string target)
    {
        var file = new FileInfo(target);
        if (output.Kind == FoundKind.Link) return file.LinkTarget == output.Content;
        if (file.LinkTarget is not null) return false;
        if (output.Kind == FoundKind.EmptyFolder) return Directory.Exists(target);
        if (!file.Exists || file.Length != output.Length) return false;
        using var content = RegularFile.Open(target);
        return content is not null && RegularFile.ModeOf(content) == output.Mode && _hash.OfStream(content, copy: null, cancel) == output.Content;
    }
}
