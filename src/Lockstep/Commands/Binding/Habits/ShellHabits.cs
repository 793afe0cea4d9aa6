using Lockstep.Commands.Parsing;
using Lockstep.Source;

namespace Lockstep.Commands.Binding.Habits;

/// <summary>Finds what people write out of habit from make, just and task runners, and what means something else to a shell.</summary>
internal static class ShellHabits
{
    /// <summary>Warns of the habits in a statement.</summary>
    /// <param name="written">Its text as the file has it.</param>
    /// <param name="span">Where that stands.</param>
    /// <param name="command">The command it is in.</param>
    /// <param name="names">The variables and parameters that it may use.</param>
    /// <param name="commands">The commands of the file.</param>
    /// <param name="report">Gets the warnings.</param>
    public static void Check(ReadOnlySpan<char> written, Span span, string command, NameScope names, CommandTable commands, BindingDiagnostics report)
    {
        if (Marked(written) is { Length: > 0 } marks) report.MarkedCommand(written[..marks.Length].ToString(), written[marks.Length..].ToString(), span);
        else if (LeadingName(written) is { Length: > 0 } word && word != command && commands.IsCalledAsProgram(word)) report.CommandAsProgram(word, span);
        for (var at = 0; at < written.Length; at++)
        {
            var length = written[at] switch
            {
                '\\' => Skip(ref at),
                '{' => Placeholder(written[at..]),
                '$' => Substituted(written[at..]),
                _ => 0,
            };
            if (length == 0) continue;
            var name = written.Slice(at, length).Trim("{}$() \t").ToString();
            if (names.Has(name)) report.ForeignPlaceholder(written.Slice(at, length).ToString(), name, new Span(span.Start + at, length));
            at += length - 1;
        }
    }

    private static int Skip(ref int at)
    {
        at++;
        return 0;
    }

    // `@echo`, `-rm`, `@-rm`: to make, not to show a command and not to mind its failure.
    private static ReadOnlySpan<char> Marked(ReadOnlySpan<char> written)
    {
        var length = written.IndexOfAnyExcept('@', '-');
        if (length is not (1 or 2) || !char.IsAsciiLetter(written[length])) return default;
        var name = written[length..NameEnd(written, length)];
        return Decorators.Decorators.Find(name) is null ? written[..length] : default;
    }

    private static string? LeadingName(ReadOnlySpan<char> written)
    {
        var end = written.IndexOfAny(' ', '\t', '\r');
        var word = (end < 0 ? written : written[..end]).ToString();
        return Lines.IsName(word) ? word : null;
    }

    // `{{name}}`
    private static int Placeholder(ReadOnlySpan<char> written)
    {
        if (!written.StartsWith("{{")) return 0;
        var name = Past(written, 2, " \t");
        var end = Past(written, NameEnd(written, name), " \t");
        return end > name && written[end..].StartsWith("}}") ? end + 2 : 0;
    }

    // `$(NAME)`
    private static int Substituted(ReadOnlySpan<char> written)
    {
        if (!written.StartsWith("$(")) return 0;
        var end = NameEnd(written, 2);
        return end > 2 && end < written.Length && written[end] == ')' ? end + 1 : 0;
    }

    private static int Past(ReadOnlySpan<char> written, int at, ReadOnlySpan<char> skipped)
    {
        var length = written[at..].IndexOfAnyExcept(skipped);
        return length < 0 ? written.Length : at + length;
    }

    // Looks no further than the name, or a line of openings would be read once for each.
    private static int NameEnd(ReadOnlySpan<char> written, int at)
    {
        if (at >= written.Length || !Lines.IsNameStart(written[at])) return at;
        while (at < written.Length && Lines.IsNamePart(written[at])) at++;
        return at;
    }
}
