using System.Collections.Immutable;

namespace Lockstep.Processes.Shell;

/// <summary>How shell text is started. Closed.</summary>
internal abstract record ShellCommand
{
    private ShellCommand() { }

    /// <summary>
    /// Prepares shell text: directly where it only names a program and its arguments, else by <c>sh -c</c>. Text with a pipe fails if any part
    /// of it fails: it goes to <c>sh -o pipefail</c>; where <c>sh</c> does not know that (older versions of dash do not), to <c>bash</c>
    /// with the <c>echo</c> of <c>sh</c>; where there is no bash either, to <c>sh</c>, and there only the last part counts.
    /// </summary>
    /// <param name="pieces">The text and its values.</param>
    /// <param name="search">Where programs are looked up.</param>
    /// <param name="path">The value of <c>PATH</c> that the text will see; null when it will see none.</param>
    /// <param name="directory">The absolute path of the directory it will run in.</param>
    public static ShellCommand Prepare(ReadOnlySpan<ShellPiece> pieces, ExecutableSearch search, string? path, string directory)
    {
        if (ShellWords.Split(pieces) is { } words && !Array.Exists(words, static word => word.Contains('\0', StringComparison.Ordinal)))
        {
            var program = search.Find(words[0], path, directory);
            if (program is SearchResult.Found found) return new Ready(found.Path, words[0], [.. words.AsSpan(1)]);

            // The shell has these in itself, whatever is on PATH.
            if (words[0] is not ("echo" or "true" or "false")) return Missing(program, words[0], directory);
        }

        return ShellScript.Render(pieces) switch
        {
            RenderedScript.Script script => WithShell(script, ShellScript.HasPipe(pieces), search, path, directory),
            RenderedScript.Refused refused => new BadValue(refused.Piece, refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static Unstartable Missing(SearchResult program, string name, string directory) => program switch
    {
        SearchResult.NotExecutable refused => new Unstartable(126,
            $"'{refused.Path}' may not be executed. Make it executable with chmod +x, or name another program."),
        _ => new Unstartable(127, name.Contains('/', StringComparison.Ordinal)
            ? $"There is no program '{name}' in '{directory}'. Check the path."
            : $"There is no program '{name}' on PATH. Install it, or check its name."),
    };

    private static Ready WithShell(RenderedScript.Script script, bool pipe, ExecutableSearch search, string? path, string directory)
    {
        // What begins like an option would be one, and not every shell knows "--" after "-c".
        var text = script.Text.StartsWith('-') || script.Text.StartsWith('+') ? " " + script.Text : script.Text;
        var sh = search.Find("sh", path, directory) is SearchResult.Found found ? found.Path : "/bin/sh";
        if (!pipe) return new(sh, "sh", ["-c", text, "sh", .. script.Values]);
        if (search.Holds(sh, "pipefail"u8)) return new(sh, "sh", ["-o", "pipefail", "-c", text, "sh", .. script.Values]);

        // --posix keeps BASH_ENV out; but with it and xpg_echo on, "echo -n" would print "-n".
        if (search.Find("bash", path, directory) is SearchResult.Found bash)
            return new(bash.Path, "sh", ["--posix", "-O", "xpg_echo", "-o", "pipefail", "-c", "set +o posix;" + text, "sh", .. script.Values]);
        return new(sh, "sh", ["-c", "(set -o pipefail) 2>/dev/null && set -o pipefail;" + text, "sh", .. script.Values]);
    }

    /// <summary>It can be started.</summary>
    /// <param name="Executable">An absolute path.</param>
    /// <param name="Name">What the program is told as its own name.</param>
    /// <param name="Arguments">What follows the name.</param>
    internal sealed record Ready(string Executable, string Name, ImmutableArray<string> Arguments) : ShellCommand;

    /// <summary>There is no such program.</summary>
    /// <param name="ExitCode">What a shell would exit with: 127 when it is missing, 126 when it may not be executed.</param>
    /// <param name="Reason">A sentence on why and one on what to do next.</param>
    internal sealed record Unstartable(int ExitCode, string Reason) : ShellCommand;

    /// <summary>A value can't be given to a program or a shell.</summary>
    /// <param name="Piece">The index of its piece.</param>
    /// <param name="Reason">Why, without the value.</param>
    internal sealed record BadValue(int Piece, string Reason) : ShellCommand;
}
