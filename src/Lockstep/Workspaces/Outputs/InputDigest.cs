using System.Collections.Immutable;
using Lockstep.Workspaces.Globs;

namespace Lockstep.Workspaces.Outputs;

/// <summary>Makes the key of a result from the contents of its inputs.</summary>
internal static class InputDigest
{
    private const string Version = "lockstep outputs 1";
    private const long LinkLength = -1;

    /// <summary>Reads every input once.</summary>
    /// <param name="request">What the step is made of.</param>
    /// <param name="skipped">A folder never entered.</param>
    /// <param name="cancel">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public static OutputKey KeyOf(OutputRequest request, string skipped, CancellationToken cancel)
    {
        if (GlobSet.Parse(request.Inputs, out var error) is not { } inputs || GlobSet.Parse(request.Outputs, out error) is not { } outputs)
            return new OutputKey { Request = request, Problem = error };
        try
        {
            var found = GlobWalk.Find(request.Directory, inputs, skipped, followsNamedLinks: true, cancel, out var idle);
            using var hash = new ContentHash();
            var stamps = ImmutableArray.CreateBuilder<InputStamp>(found.Count);
            foreach (var input in found)
                if (input.Kind != FoundKind.EmptyFolder) stamps.Add(StampOf(request.Directory, input, hash, cancel));

            return new OutputKey
            {
                Request = request,
                Id = IdOf(request, stamps, hash),
                Inputs = stamps.ToImmutable(),
                Warnings = [.. idle.Select(glob => $"no file matches the input '{glob.Text}' in {request.Directory}, so its changes can't be seen")],
                Recipe = RecipeOf(request, hash),
                OutputGlobs = outputs,
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new OutputKey { Request = request, Problem = $"the inputs can't be read: {unreadable.Message}" };
        }
    }

    /// <summary>Whether an input has still the length and the time it had.</summary>
    public static bool IsUntouched(string directory, InputStamp stamp)
    {
        var file = new FileInfo(Path.Combine(directory, stamp.Path));
        return file.LastWriteTimeUtc == stamp.Modified && (stamp.Length == LinkLength || (file.Exists && file.Length == stamp.Length));
    }

    private static InputStamp StampOf(string directory, Found input, ContentHash hash, CancellationToken cancel)
    {
        var path = Path.Combine(directory, input.Path);
        // Looked at before the content is read, so that a change while it is read is seen afterwards.
        var before = new FileInfo(path);
        var modified = before.LastWriteTimeUtc;
        return input.Kind == FoundKind.Link
            ? new InputStamp(input.Path, $"link {before.LinkTarget} {TargetOf(path, hash, cancel)}", LinkLength, modified)
            : new InputStamp(input.Path, ContentOf(path, hash, cancel), before.Length, modified);
    }

    /// <summary>What a link leads to, if that is a file.</summary>
    private static string TargetOf(string path, ContentHash hash, CancellationToken cancel)
    {
        try
        {
            return Directory.Exists(path) ? "" : ContentOf(path, hash, cancel);
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    private static string ContentOf(string path, ContentHash hash, CancellationToken cancel)
    {
        using var file = RegularFile.Open(path);
        if (file is null) return "special";
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var kind = (RegularFile.ModeOf(file) & AnyExecute) != 0 ? "program " : "file ";
        return kind + hash.OfStream(file, copy: null, cancel);
    }

    private static string IdOf(OutputRequest request, IEnumerable<InputStamp> stamps, ContentHash hash)
    {
        AppendCommon(request, hash);
        foreach (var stamp in stamps)
        {
            hash.Append(stamp.Path);
            hash.Append(stamp.Hash);
        }

        return hash.Finish();
    }

    private static string RecipeOf(OutputRequest request, ContentHash hash)
    {
        AppendCommon(request, hash);
        hash.Append(request.Directory);
        foreach (var pattern in request.Inputs) hash.Append(pattern);
        return hash.Finish();
    }

    private static void AppendCommon(OutputRequest request, ContentHash hash)
    {
        hash.Append(Version);
        hash.Append(request.Commands);
        hash.Append(request.Key);
        hash.Append(request.Outputs.Length.ToString());
        foreach (var pattern in request.Outputs) hash.Append(pattern);
    }
}
