using System.Collections.Immutable;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Workspaces.Outputs;

/// <summary>Keeps the outputs of a step that has just succeeded.</summary>
internal sealed class OutputKeeper(OutputFolder folder, OutputKey key, string skipped, CancellationToken cancel)
{
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();

    /// <summary>Copies the outputs' contents, then writes the list that makes them a result.</summary>
    /// <param name="id">The result's key.</param>
    /// <param name="globs">The outputs.</param>
    /// <exception cref="IOException">An output can't be read, or the cache can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public OutputSave Keep(string id, GlobSet globs)
    {
        var directory = key.Request.Directory;
        foreach (var input in key.Inputs)
        {
            if (!globs.IsMatch(input.Path) && !InputDigest.IsUntouched(directory, input))
                return NotKept($"the input {input.Path} changed while the commands ran");
        }

        var found = GlobWalk.Find(directory, globs, skipped, followsNamedLinks: false, cancel, out var idle);
        if (found.Count == 0 && globs.Globs.Length > 0)
            return NotKept($"nothing matches the outputs {string.Join(", ", globs.Globs.Select(glob => $"'{glob.Text}'"))} in {directory}");
        foreach (var glob in idle) _warnings.Add($"nothing matches the output '{glob.Text}' in {directory}");
        WarnOfOverlap(found);

        folder.Create();
        using var hash = new ContentHash();
        List<KeptOutput> kept = new(found.Count);
        foreach (var output in found)
            if (KeepOne(output, hash) is { } one) kept.Add(one);

        folder.Write(folder.Entry(id), OutputManifest.Write(kept));
        folder.Write(folder.Recipe(key.Recipe), OutputManifest.Write(key.Inputs));
        return new OutputsSaved(kept.Count, kept.Sum(output => output.Length), _warnings.ToImmutable());
    }

    private OutputsNotSaved NotKept(string reason) => new(reason, _warnings.ToImmutable());

    private KeptOutput? KeepOne(Found output, ContentHash hash)
    {
        var path = Path.Combine(key.Request.Directory, output.Path);
        switch (output.Kind)
        {
            case FoundKind.EmptyFolder:
                return new KeptOutput(output.Path, output.Kind, UnixFileMode.None, 0, "");
            case FoundKind.Link:
                return new KeptOutput(output.Path, output.Kind, UnixFileMode.None, 0, new FileInfo(path).LinkTarget ?? "");
            default:
                using (var file = RegularFile.Open(path))
                {
                    if (file is null)
                    {
                        _warnings.Add($"the output {output.Path} is a pipe, a socket or a device, and is not kept");
                        return null;
                    }

                    var mode = RegularFile.ModeOf(file);
                    var (content, length) = folder.Keep(file, hash, cancel);
                    return new KeptOutput(output.Path, output.Kind, mode, length, content);
                }
        }
    }

    /// <summary>Taking outputs out of the inputs silently would restore old outputs over new edits where a step changes files in place.</summary>
    private void WarnOfOverlap(IReadOnlyCollection<Found> outputs)
    {
        var inputs = key.Inputs.Select(input => input.Path).ToHashSet(StringComparer.Ordinal);
        var both = outputs.Where(output => inputs.Contains(output.Path)).Select(output => output.Path).ToList();
        if (both.Count == 0) return;
        var others = both.Count == 1 ? "is" : $"and {both.Count - 1} more are";
        _warnings.Add($"{both[0]} {others} both input and output, so a run changes its own key; leave outputs out of the inputs with a pattern such as '!{both[0]}'");
    }
}
