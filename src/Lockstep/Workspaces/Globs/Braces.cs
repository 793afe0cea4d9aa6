namespace Lockstep.Workspaces.Globs;

/// <summary><c>{a,b}</c> of a glob written out, as bash does: nested ones too, and braces without a comma stay as they are.</summary>
internal static class Braces
{
    /// <summary>The patterns that one stands for; null when they are more than allowed.</summary>
    public static List<string>? Expand(string pattern, int most)
    {
        List<string> finished = [];
        var waiting = new Stack<string>([pattern]);
        while (waiting.TryPop(out var next))
        {
            if (FirstGroup(next) is { } group)
            {
                for (var i = group.Count - 2; i >= 0; i--)
                    waiting.Push(string.Concat(next.AsSpan(0, group[0]), next.AsSpan(group[i] + 1, group[i + 1] - group[i] - 1), next.AsSpan(group[^1] + 1)));
            }
            else
            {
                finished.Add(next);
            }

            if (finished.Count + waiting.Count > most) return null;
        }

        return finished;
    }

    /// <summary>The offsets of the brace, the commas and the closing brace of the first group; null without any.</summary>
    private static List<int>? FirstGroup(string pattern)
    {
        for (var open = 0; open < pattern.Length; open++)
        {
            if (pattern[open] == '\\') open++;
            else if (pattern[open] == '{' && GroupAt(pattern, open) is { Count: > 2 } group) return group;
        }

        return null;
    }

    private static List<int>? GroupAt(string pattern, int open)
    {
        List<int> marks = [open];
        var depth = 0;
        for (var i = open + 1; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    depth++;
                    break;
                case '}' when depth == 0:
                    marks.Add(i);
                    return marks;
                case '}':
                    depth--;
                    break;
                case ',' when depth == 0:
                    marks.Add(i);
                    break;
            }
        }

        return null;
    }
}
