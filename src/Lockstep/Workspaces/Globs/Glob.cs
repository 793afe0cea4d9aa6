using System.Collections.Immutable;

namespace Lockstep.Workspaces.Globs;

/// <summary>
/// One pattern for paths relative to a folder, with <c>/</c> between names: <c>*</c> and <c>?</c> within a name, <c>**</c> as any
/// folders, <c>{a,b}</c> as either, a leading <c>!</c> to leave out. A pattern that ends in a plain name takes the file of that name, and
/// all that is below the folder of that name.
/// </summary>
internal sealed class Glob
{
    private const int MostAlternatives = 1000;

    private Glob(string text, bool leavesOut, ImmutableArray<ImmutableArray<Segment>> alternatives)
    {
        Text = text;
        LeavesOut = leavesOut;
        Alternatives = alternatives;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Whether it begins with <c>!</c>.</summary>
    public bool LeavesOut { get; }

    /// <summary>What it takes: a path matches when it matches any of these.</summary>
    public ImmutableArray<ImmutableArray<Segment>> Alternatives { get; }

    /// <summary>Reads a pattern; null with one sentence when it can't be one.</summary>
    public static Glob? Parse(string text, out string? error)
    {
        var leavesOut = text.StartsWith('!');
        var pattern = leavesOut ? text[1..] : text;
        error = pattern.Trim().Length == 0 ? $"the pattern '{text}' is empty"
            : pattern.Contains('\0') ? "a pattern holds a NUL character"
            : pattern[0] == '/' ? $"the pattern '{text}' begins with '/'; write it relative to the working directory"
            : null;
        if (error is not null) return null;
        if (Braces.Expand(pattern, MostAlternatives) is not { } patterns)
        {
            error = $"the pattern '{text}' stands for more than {MostAlternatives} patterns";
            return null;
        }

        var alternatives = ImmutableArray.CreateBuilder<ImmutableArray<Segment>>();
        foreach (var alternative in patterns)
        {
            var segments = Split(alternative, leavesOut);
            if (segments.Length == 0 || segments[^1].Literal == "..") segments = segments.Add(new Segment("**", leavesOut));
            alternatives.Add(segments);
            if (segments[^1].Literal is not null) alternatives.Add(segments.Add(new Segment("**", leavesOut)));
        }

        return new Glob(text, leavesOut, alternatives.ToImmutable());
    }

    /// <summary>Whether it takes a path, a leading <c>!</c> aside.</summary>
    public bool IsMatch(ReadOnlySpan<char> path)
    {
        foreach (var segments in Alternatives)
            if (IsMatch(segments, path)) return true;
        return false;
    }

    /// <summary>Whether it takes whatever can be below a folder.</summary>
    public bool TakesAllBelow(string folder)
    {
        // A last ** takes the made-up name only if it would take any other and whatever is below that.
        var below = folder + "/\uFFFF";
        foreach (var segments in Alternatives)
            if (segments[^1].IsAnyDepth && IsMatch(segments, below)) return true;
        return false;
    }

    /// <summary>Follows all positions in the pattern at once, so that no pattern takes exponential time.</summary>
    private static bool IsMatch(ImmutableArray<Segment> segments, ReadOnlySpan<char> path)
    {
        Span<bool> here = segments.Length < 128 ? stackalloc bool[segments.Length + 1] : new bool[segments.Length + 1];
        here.Clear();
        here[0] = true;
        foreach (var range in path.Split('/'))
        {
            var name = path[range];
            SkipAnyDepth(segments, here);
            // From the end, so that a position that moves on is not moved twice by one name.
            for (var i = segments.Length; i >= 0; i--)
            {
                var stays = i < segments.Length && segments[i].IsAnyDepth && here[i] && segments[i].IsMatch(name);
                var arrives = i > 0 && here[i - 1] && (!segments[i - 1].IsAnyDepth || i == segments.Length) && segments[i - 1].IsMatch(name);
                here[i] = stays || arrives;
            }
        }

        return here[segments.Length];
    }

    /// <summary>Lets a <c>**</c> that is not the last take no name.</summary>
    private static void SkipAnyDepth(ImmutableArray<Segment> segments, Span<bool> here)
    {
        for (var i = 0; i < segments.Length - 1; i++)
            if (here[i] && segments[i].IsAnyDepth) here[i + 1] = true;
    }

    private static ImmutableArray<Segment> Split(string pattern, bool leavesOut)
    {
        var segments = ImmutableArray.CreateBuilder<Segment>();
        foreach (var name in pattern.Split('/'))
        {
            if (name is "" or ".") continue;
            // Two ** beside each other are one.
            if (name == "**" && segments.Count > 0 && segments[^1].IsAnyDepth) continue;
            if (name == ".." && segments.Count > 0 && segments[^1].Literal is not (null or "..")) segments.RemoveAt(segments.Count - 1);
            else segments.Add(new Segment(name, leavesOut));
        }

        return segments.ToImmutable();
    }
}
