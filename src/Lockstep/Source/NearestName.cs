namespace Lockstep.Source;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate that takes the fewest typing mistakes to become <paramref name="name"/>; null when none is near.</summary>
    /// <remarks>A mistake is a letter too many, too few, wrong, or swapped with its neighbour; one is allowed for every three letters, case aside.</remarks>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var allowed = Math.Max(1, name.Length / 3);
        string? nearest = null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) > allowed) continue;
            var mistakes = Mistakes(name, candidate, allowed);
            if (mistakes > allowed) continue;
            nearest = candidate;
            if (mistakes == 0) break;
            allowed = mistakes - 1;
        }
        return nearest;
    }

    private static int Mistakes(string a, string b, int allowed)
    {
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var best = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Same(a[i - 1], b[j - 1]);
                var mistakes = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                var swapped = i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]);
                if (swapped) mistakes = Math.Min(mistakes, beforeLast[j - 2] + 1);
                row[j] = mistakes;
                best = Math.Min(best, mistakes);
            }
            if (best > allowed + 1) return best;
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
