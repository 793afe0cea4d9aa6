namespace Lockstep.Commands.Parsing.Habits;

/// <summary>What to write instead of what other tools declare at the top level.</summary>
internal static class Declarations
{
    /// <summary>The advice for a line; null when it is like nothing known.</summary>
    public static string? Instead(ReadOnlySpan<char> line)
    {
        switch (line[0])
        {
            case '[':
                return "delete it: commands have no attributes, and the comment above a command describes it";
            case '.':
                return "delete it: a command is always run";
            case '@':
                return "write NAME: COMMAND; commands are not shown before they run, so @ is not needed";
        }
        var end = line.IndexOfAny(' ', '\t');
        if (end < 0) return null;
        var rest = line[end..].Trim(" \t");
        switch (line[..end])
        {
            case "alias":
                var parts = rest.IndexOf(":=");
                return parts < 0 ? null : $"write {SyntaxDiagnostics.Cut(rest[..parts])}: @cmd({SyntaxDiagnostics.Cut(rest[(parts + 2)..])})";
            case "set":
                return "delete it: there are no settings; the shell is sh, and @with sets the environment of a block";
            case "import" or "include" or "mod" or "-include":
                return "copy its commands into this file, or run them from there with lockstep -f FILE NAME";
            case "ifeq" or "ifneq" or "ifdef" or "ifndef" or "else" or "endif":
                return "choose inside a command: @when(NAME) { production: … default: … }";
        }
        var colon = rest.IndexOf(':');
        return colon > 0 && IsParameters(rest[..colon]) && Lines.IsName(line[..end].ToString())
            ? $"parameters stand in parentheses: write {SyntaxDiagnostics.Cut(line[..end])}({SyntaxDiagnostics.Cut(string.Join(", ", rest[..colon].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)))}): COMMAND"
            : null;
    }

    private static bool IsParameters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '-' or '=' or '"' or '\'' or ' ' or '.')) return false;
        return true;
    }
}
