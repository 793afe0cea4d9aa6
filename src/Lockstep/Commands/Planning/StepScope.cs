using Lockstep.Plans;

namespace Lockstep.Commands.Planning;

/// <summary>Names the steps inside one step: leaves by their ordinal among leaves, others by the author's name or their kind.</summary>
internal sealed class StepScope(StepId id)
{
    private int _leaves;
    private Dictionary<string, int>? _named;

    /// <summary>The step they are inside of.</summary>
    public StepId Id => id;

    /// <summary>The id of the next leaf. Blocks between leaves don't count, so that adding one renames no leaf.</summary>
    public StepId Leaf() => id.Child((++_leaves).ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The id of a step with a name of its own; the second of a name gets <c>-2</c>.</summary>
    public StepId Named(string name)
    {
        var named = _named ??= [];
        if (named.TryAdd(name, 1)) return id.Child(name);
        string candidate;
        do candidate = $"{name}-{++named[name]}";
        while (!named.TryAdd(candidate, 1));
        return id.Child(candidate);
    }

    /// <summary>The id of a branch, whose pattern may be any text.</summary>
    public StepId Branch(string pattern)
    {
        var segment = pattern.Length == 0 ? "empty" : string.Create(Math.Min(pattern.Length, 40), pattern, static (letters, text) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or '.' || (text[i] > 127 && char.IsLetter(text[i])) ? text[i] : '-';
        });
        return Named(segment);
    }
}
