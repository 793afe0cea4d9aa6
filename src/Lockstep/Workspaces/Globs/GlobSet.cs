using System.Collections.Immutable;

namespace Lockstep.Workspaces.Globs;

/// <summary>Patterns in order: the last one that takes a path decides whether it is in. Where all of them leave out, everything else is in.</summary>
internal sealed class GlobSet
{
    private readonly int _lastThatTakes;

    private GlobSet(ImmutableArray<Glob> globs)
    {
        Globs = globs;
        _lastThatTakes = globs.Length - 1;
        while (_lastThatTakes >= 0 && globs[_lastThatTakes].LeavesOut) _lastThatTakes--;
    }

    /// <summary>The patterns; none takes nothing.</summary>
    public ImmutableArray<Glob> Globs { get; }

    /// <summary>Reads patterns; null with one sentence on the first that can't be one.</summary>
    public static GlobSet? Parse(ImmutableArray<string> patterns, out string? error)
    {
        var globs = ImmutableArray.CreateBuilder<Glob>();
        foreach (var pattern in patterns)
        {
            if (Glob.Parse(pattern, out error) is not { } glob) return null;
            globs.Add(glob);
        }

        error = null;
        if (globs.Count > 0 && globs.All(glob => glob.LeavesOut)) globs.Insert(0, Glob.Parse("**", out _)!);
        return new GlobSet(globs.ToImmutable());
    }

    /// <summary>Whether a path relative to the folder is in.</summary>
    public bool IsMatch(ReadOnlySpan<char> path)
    {
        for (var i = Globs.Length - 1; i >= 0; i--)
            if (Globs[i].IsMatch(path)) return !Globs[i].LeavesOut;
        return false;
    }

    /// <summary>Whether nothing below a folder can be in, because a pattern leaves all of it out and none after it takes some back.</summary>
    public bool LeavesOutAllBelow(string folder)
    {
        for (var i = Globs.Length - 1; i > _lastThatTakes; i--)
            if (Globs[i].TakesAllBelow(folder)) return true;
        return false;
    }
}
