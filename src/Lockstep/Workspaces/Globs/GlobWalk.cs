using System.Collections.Immutable;
using System.IO.Enumeration;

namespace Lockstep.Workspaces.Globs;

/// <summary>What a walk can find.</summary>
internal enum FoundKind
{
    /// <summary>A file, or something special such as a named pipe.</summary>
    File,

    /// <summary>A symbolic link, to whatever.</summary>
    Link,

    /// <summary>A folder with nothing in it.</summary>
    EmptyFolder,
}

/// <summary>Something a pattern takes.</summary>
/// <param name="Path">Relative to the walk's folder, with <c>/</c> between names; begins with <c>../</c> only where the pattern does.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct Found(string Path, FoundKind Kind);

/// <summary>Finds what patterns take below a folder. Only folders where a pattern can match are read.</summary>
/// <remarks>
/// <c>**</c> does not follow links to folders, so a walk always ends; a name or <c>*</c> that stands before more of the pattern does.
/// </remarks>
internal sealed class GlobWalk
{
    private readonly record struct Position(int Glob, ImmutableArray<Segment> Segments, int Index)
    {
        public Segment Segment => Segments[Index];

        public bool IsLast => Index == Segments.Length - 1;
    }

    private readonly record struct Child(string Name, bool IsLink, bool IsFolder);

    private readonly string _folder;
    private readonly GlobSet _globs;
    private readonly string? _skipped;
    private readonly CancellationToken _cancel;
    private readonly SortedDictionary<string, FoundKind> _found = new(StringComparer.Ordinal);
    private readonly bool[] _matched;
    private readonly bool _followsNamedLinks;

    private GlobWalk(string folder, GlobSet globs, string? skipped, bool followsNamedLinks, CancellationToken cancel)
    {
        _folder = Path.GetFullPath(folder);
        _globs = globs;
        _skipped = skipped is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(skipped));
        _followsNamedLinks = followsNamedLinks;
        _cancel = cancel;
        _matched = new bool[globs.Globs.Length];
    }

    /// <summary>All that the patterns take, ordered by the UTF-16 units of the paths.</summary>
    /// <param name="folder">The folder that patterns are relative to.</param>
    /// <param name="globs">The patterns.</param>
    /// <param name="skipped">A folder never entered; null for none.</param>
    /// <param name="followsNamedLinks">Whether a pattern that names a link to a folder takes what is below that folder as well as the link.</param>
    /// <param name="cancel">Ends the walk with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="idle">The patterns that took nothing, those that leave out aside.</param>
    /// <exception cref="IOException">A folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IReadOnlyCollection<Found> Find(
        string folder, GlobSet globs, string? skipped, bool followsNamedLinks, CancellationToken cancel, out ImmutableArray<Glob> idle)
    {
        var walk = new GlobWalk(folder, globs, skipped, followsNamedLinks, cancel);
        List<Position> start = [];
        for (var i = 0; i < globs.Globs.Length; i++)
        {
            if (globs.Globs[i].LeavesOut) continue;
            foreach (var segments in globs.Globs[i].Alternatives) start.Add(new Position(i, segments, 0));
        }

        walk.Enter(walk._folder, "", start);
        idle = [.. globs.Globs.Where((glob, i) => !glob.LeavesOut && !walk._matched[i])];
        return [.. walk._found.Select(found => new Found(found.Key, found.Value))];
    }

    private void Enter(string folder, string prefix, List<Position> positions)
    {
        _cancel.ThrowIfCancellationRequested();
        SkipAnyDepth(positions);
        if (positions.Count == 0 || string.Equals(folder, _skipped, StringComparison.Ordinal)) return;

        var above = positions.Where(position => position.Segment.Literal == "..").ToList();
        if (above.Count > 0)
        {
            positions.RemoveAll(position => position.Segment.Literal == "..");
            if (Path.GetDirectoryName(folder) is { } parent) Enter(parent, $"{prefix}../", [.. above.Select(Next)]);
        }

        if (positions.Exists(position => position.Segment.Literal is null))
        {
            var empty = true;
            foreach (var child in Children(folder))
            {
                empty = false;
                Visit(folder, prefix, child, positions);
            }

            if (empty && prefix.Length > 0) FoundEmpty(prefix[..^1], positions);
        }
        else
        {
            foreach (var name in positions.Select(position => position.Segment.Literal!).Distinct(StringComparer.Ordinal).ToList())
                if (ChildNamed(folder, name) is { } child) Visit(folder, prefix, child, positions);
        }
    }

    private void Visit(string folder, string prefix, Child child, List<Position> positions)
    {
        var path = prefix + child.Name;
        List<Position>? below = null;
        var taken = false;
        foreach (var position in positions)
        {
            if (!position.Segment.IsMatch(child.Name)) continue;
            if (position.IsLast && (!child.IsFolder || child.IsLink)) taken |= Take(position.Glob, path, child.IsLink ? FoundKind.Link : FoundKind.File);
            if (!child.IsFolder) continue;
            if (position.Segment.IsAnyDepth)
            {
                if (!child.IsLink) AddOnce(ref below, position);
            }
            else if (!position.IsLast)
            {
                AddOnce(ref below, Next(position));
            }
        }

        if (below is null || (taken && !_followsNamedLinks) || _globs.LeavesOutAllBelow(path)) return;
        Enter(Path.Combine(folder, child.Name), path + "/", below);
    }

    private void FoundEmpty(string path, List<Position> positions)
    {
        foreach (var position in positions)
            if (position.IsLast && position.Segment.IsAnyDepth) Take(position.Glob, path, FoundKind.EmptyFolder);
    }

    private bool Take(int glob, string path, FoundKind kind)
    {
        _matched[glob] = true;
        if (!_globs.IsMatch(kind == FoundKind.EmptyFolder ? path + "/\uFFFF" : path)) return false;
        _found[path] = kind;
        return true;
    }

    private static void AddOnce(ref List<Position>? positions, Position position)
    {
        positions ??= [];
        if (!positions.Contains(position)) positions.Add(position);
    }

    private static Position Next(Position position) => position with { Index = position.Index + 1 };

    /// <summary>Lets a <c>**</c> that is not the last take no name. Adds while it goes, so that what it adds is looked at too.</summary>
    private static void SkipAnyDepth(List<Position> positions)
    {
        for (var i = 0; i < positions.Count; i++)
        {
            var position = positions[i];
            if (!position.Segment.IsAnyDepth || position.IsLast) continue;
            if (!positions.Contains(Next(position))) positions.Add(Next(position));
        }
    }

    private static FileSystemEnumerable<Child> Children(string folder) => new(
        folder,
        (ref FileSystemEntry entry) => new Child(
            entry.FileName.ToString(), (entry.Attributes & FileAttributes.ReparsePoint) != 0, entry.IsDirectory),
        new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });

    private static Child? ChildNamed(string folder, string name)
    {
        var entry = new FileInfo(Path.Combine(folder, name));
        var isLink = entry.LinkTarget is not null;
        var isFolder = Directory.Exists(entry.FullName);
        return isLink || isFolder || entry.Exists ? new Child(name, isLink, isFolder) : null;
    }
}
