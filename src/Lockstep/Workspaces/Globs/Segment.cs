using System.Text;

namespace Lockstep.Workspaces.Globs;

/// <summary>What a glob asks of one name of a path: <c>*</c> is any characters, <c>?</c> any one, <c>\</c> takes the next as it is.</summary>
/// <remarks>
/// No wildcard takes the name <c>.git</c>, save in a pattern that leaves out; a name written out does. <c>[ ]</c> are ordinary characters.
/// </remarks>
internal sealed class Segment
{
    private const string Repository = ".git";

    private readonly string _pattern;
    private readonly bool _leavesOut;

    public Segment(string pattern, bool leavesOut)
    {
        _pattern = pattern;
        _leavesOut = leavesOut;
        IsAnyDepth = pattern == "**";
        Literal = pattern.AsSpan().IndexOfAny('*', '?') < 0 || IsEscapedOnly(pattern) ? Unescape(pattern) : null;
    }

    /// <summary>Whether it is <c>**</c>: any number of names; as the last segment, at least one.</summary>
    public bool IsAnyDepth { get; }

    /// <summary>The one name it takes; null when it has a wildcard.</summary>
    public string? Literal { get; }

    public bool IsMatch(ReadOnlySpan<char> name)
    {
        if (Literal is not null) return name.SequenceEqual(Literal);
        if (!_leavesOut && name.SequenceEqual(Repository)) return false;
        return IsAnyDepth || IsWildcardMatch(name);
    }

    /// <summary>The usual two-pointer match: on a mismatch the last star takes one character more, so no input is slower than quadratic.</summary>
    private bool IsWildcardMatch(ReadOnlySpan<char> name)
    {
        var pattern = _pattern.AsSpan();
        int p = 0, n = 0, afterStar = -1, starTook = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                afterStar = ++p;
                starTook = n;
            }
            else if (p < pattern.Length && pattern[p] == '?')
            {
                p++;
                n += CharacterAt(name, n);
            }
            else if (p < pattern.Length && pattern[Unescaped(pattern, p)] == name[n])
            {
                p = Unescaped(pattern, p) + 1;
                n++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                starTook += CharacterAt(name, starTook);
                n = starTook;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    private static int CharacterAt(ReadOnlySpan<char> name, int at)
        => char.IsHighSurrogate(name[at]) && at + 1 < name.Length && char.IsLowSurrogate(name[at + 1]) ? 2 : 1;

    private static int Unescaped(ReadOnlySpan<char> pattern, int at) => pattern[at] == '\\' && at + 1 < pattern.Length ? at + 1 : at;

    private static bool IsEscapedOnly(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is '*' or '?') return false;
            if (pattern[i] == '\\') i++;
        }

        return true;
    }

    private static string Unescape(string pattern)
    {
        if (!pattern.Contains('\\')) return pattern;
        var literal = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            i = Unescaped(pattern, i);
            literal.Append(pattern[i]);
        }

        return literal.ToString();
    }
}
