using Lockstep.Commands.Syntax;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>A parameter that arguments are matched to: a decorator's or a command's.</summary>
internal readonly record struct Formal(string Name, string? Alias, bool Required);

/// <summary>What takes the arguments that match no parameter.</summary>
internal enum Surplus
{
    /// <summary>Nothing: they are errors.</summary>
    None,

    /// <summary>All further positional arguments are taken.</summary>
    Positional,

    /// <summary>All further named arguments are taken.</summary>
    Named,

    /// <summary>All further arguments are taken.</summary>
    All,
}

/// <summary>Matches arguments to parameters: by position first, then by name.</summary>
/// <param name="owner">Whose parameters they are, as written: <c>@timeout</c>, <c>deploy</c>.</param>
/// <param name="formals">The parameters in order.</param>
/// <param name="surplus">What happens to arguments past them.</param>
internal sealed class ArgumentMatcher(string owner, IReadOnlyList<Formal> formals, Surplus surplus)
{
    /// <summary>The argument of each parameter; null where none was written.</summary>
    public ArgumentSyntax?[] ByParameter { get; } = new ArgumentSyntax?[formals.Count];

    /// <summary>The surplus arguments.</summary>
    public List<ArgumentSyntax> Rest { get; } = [];

    /// <summary>Matches; every mistake is reported, and what is left is usable.</summary>
    /// <param name="arguments">As written.</param>
    /// <param name="place">What to point at for an argument that is missing.</param>
    /// <param name="report">Gets what is wrong.</param>
    public void Match(IEnumerable<ArgumentSyntax> arguments, Span place, BindingDiagnostics report)
    {
        var complete = true;
        ArgumentSyntax? firstNamed = null;
        var position = 0;
        foreach (var argument in arguments)
        {
            if (argument.IsPattern)
            {
                report.PatternArgument(owner, argument.Span);
                complete = false;
                continue;
            }
            var index = argument.Key is { } key ? IndexOf(key.Text) : position;
            if (argument.Key is { } named)
            {
                firstNamed ??= argument;
                if (index < 0)
                {
                    if (surplus is Surplus.Named or Surplus.All) Rest.Add(argument);
                    else report.UnknownParameter(owner, named.Text, named.Span, formals);
                    complete &= surplus is Surplus.Named or Surplus.All;
                    continue;
                }
            }
            else if (firstNamed is not null && index < formals.Count)
            {
                report.PositionalAfterNamed(owner, argument.Span, firstNamed.Span);
                complete = false;
                continue;
            }
            else if (index >= formals.Count)
            {
                if (surplus is Surplus.Positional or Surplus.All) Rest.Add(argument);
                else
                {
                    report.TooManyArguments(owner, argument.Span, formals);
                    return;
                }
                continue;
            }
            else position++;

            if (ByParameter[index] is { } earlier) report.GivenTwice(owner, formals[index].Name, argument.Span, earlier.Span);
            else ByParameter[index] = argument;
        }
        if (!complete) return;
        for (var i = 0; i < formals.Count; i++)
            if (formals[i].Required && ByParameter[i] is null) report.MissingArgument(owner, formals[i].Name, place);
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < formals.Count; i++)
            if (formals[i].Name == name || formals[i].Alias == name) return i;
        return -1;
    }
}
