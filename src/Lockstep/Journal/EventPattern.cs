namespace Lockstep.Journal;

/// <summary>Which types of events are wanted: <c>step:end</c>, <c>step:*</c>, <c>*</c>.</summary>
internal static class EventPattern
{
    public static bool Matches(string pattern, string type)
        => pattern.EndsWith('*') ? type.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : type == pattern;

    /// <summary>Whether any of these types is wanted.</summary>
    public static bool Matches(string pattern, IEnumerable<string> types)
    {
        foreach (var type in types)
            if (Matches(pattern, type)) return true;
        return false;
    }
}
