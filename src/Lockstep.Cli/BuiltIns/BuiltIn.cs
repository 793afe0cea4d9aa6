using System.CommandLine;
using Lockstep.Cli.Options;

namespace Lockstep.Cli.BuiltIns;

/// <summary>A command of the program itself.</summary>
internal abstract class BuiltIn(string name, string summary)
{
    public string Name { get; } = name;

    /// <summary>One line for lists, without a final stop.</summary>
    public string Summary { get; } = summary;

    /// <summary>What follows the name, as help shows it.</summary>
    public virtual string Usage => "";

    /// <summary>More on it than the summary, in short lines.</summary>
    public virtual string? Details => null;

    /// <summary>Command lines with what they do.</summary>
    public virtual IReadOnlyList<(string Line, string Meaning)> Examples => [];

    /// <summary>Whether its first word names a command of the file, which gets all that is not lockstep's own.</summary>
    public virtual bool NamesCommand => false;

    /// <summary>The flags and arguments of its own.</summary>
    public virtual IEnumerable<Option> Options => [];

    public virtual IEnumerable<Argument> Arguments => [];

    /// <summary>Does it; the result is the program's exit code.</summary>
    public abstract int Run(Request request, Host host);
}

/// <summary>What was asked of a built-in.</summary>
/// <param name="Parsed">Its flags, and the arguments of one that names no command.</param>
/// <param name="Name">The command it names.</param>
/// <param name="Arguments">What that command gets.</param>
internal sealed record Request(ParseResult Parsed, string? Name, IReadOnlyList<string> Arguments);
