namespace Lockstep.Commands.Decorators;

/// <summary>What a decorator takes for a parameter.</summary>
internal enum ParameterType
{
    /// <summary>Text that must be known when the plan is made: any literal, or a variable's name.</summary>
    Text,

    /// <summary>Text that may hold value decorators.</summary>
    Template,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A duration, also as a string: <c>"5m"</c>.</summary>
    Duration,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>One of <see cref="DecoratorParameter.Choices"/>.</summary>
    Choice,

    /// <summary>A name outside the file, bare or quoted: an environment variable, a secret, a step. A variable of that name is not looked up.</summary>
    Key,

    /// <summary>Text as for <see cref="Text"/>, where a bare name that is no variable is the text itself: <c>latest</c> in <c>@env(V, latest)</c>.</summary>
    Word,

    /// <summary>The bare name of a variable or parameter.</summary>
    Variable,

    /// <summary>The bare name of a command.</summary>
    Command,

    /// <summary>A variable's bare name, or an environment variable's bare or quoted.</summary>
    Subject,

    /// <summary>Arguments for the command named before, matched to its own parameters.</summary>
    CommandArguments,

    /// <summary><c>KEY = value</c> with keys of the author's choice; values are templates.</summary>
    Entries,
}

/// <summary>A parameter of a decorator.</summary>
/// <param name="Name">Its name in <c>name = value</c>.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Summary">One sentence on what it means, with its unit.</param>
internal sealed record DecoratorParameter(string Name, ParameterType Type, string Summary)
{
    /// <summary>The value without an argument; null for a required parameter, and for one whose absence means something of its own.</summary>
    public Argument? Default { get; init; }

    /// <summary>What plans call it, where that is another name.</summary>
    public string Field { get => field ?? Name; init; }

    /// <summary>Whether leaving it out is an error.</summary>
    public bool Required { get; init; }

    /// <summary>Another name it answers to; null without one.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether it takes all further positional arguments, none allowed.</summary>
    public bool Many { get; init; }

    /// <summary>Whether its text is a shell command that a step runs, so that a value may stand for it until then.</summary>
    public bool IsCode { get; init; }

    /// <summary>The words a <see cref="ParameterType.Choice"/> takes.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>What is wrong with a value, such as <c>must be 1 or more</c>; null when nothing is.</summary>
    public Func<Argument, string?>? Rule { get; init; }

    /// <summary>How it is shown among a decorator's arguments, such as <c>attempts = 3</c>.</summary>
    public string Signature => Type switch
    {
        ParameterType.CommandArguments => "arguments…",
        ParameterType.Entries => "KEY = value, …",
        _ when Many => $"{Name}, …",
        _ when Default is { } value => $"{Name} = {value.Written}",
        _ => Name,
    };
}
