using System.Collections.Immutable;

namespace Lockstep.Commands.Decorators;

/// <summary>What a decorator is for, which decides where it may stand.</summary>
internal enum DecoratorRole
{
    /// <summary>Is replaced by a value inside shell text and strings: <c>@env("KEY")</c>.</summary>
    Value,

    /// <summary>Runs something, as a statement or as a link of a chain: <c>@cmd(build)</c>.</summary>
    Action,

    /// <summary>Wraps the statements of its block: <c>@timeout(5m) { … }</c>.</summary>
    Block,

    /// <summary>Chooses among the branches of its block: <c>@when(OS) { linux: … }</c>.</summary>
    Pattern,
}

/// <summary>One thing that may be written after <c>@</c>: its schema, its checks and what it becomes in a plan. <see cref="Decorators.All"/> lists them.</summary>
internal abstract class Decorator
{
    private protected Decorator(string name, string summary, params ImmutableArray<DecoratorParameter> parameters)
    {
        Name = name;
        Written = $"@{name}";
        Summary = summary;
        Parameters = parameters;
    }

    /// <summary>Its name, without the <c>@</c>.</summary>
    public string Name { get; }

    /// <summary>Its name as written, with the <c>@</c>.</summary>
    public string Written { get; }

    /// <summary>One sentence on what it does, for completion, hover and help.</summary>
    public string Summary { get; }

    /// <summary>Its parameters in the order of positional arguments.</summary>
    public ImmutableArray<DecoratorParameter> Parameters { get; }

    /// <summary>Whether it means nothing without any argument, though none of them is required.</summary>
    public virtual bool NeedsAnArgument => false;

    /// <summary>Where it may stand.</summary>
    public abstract DecoratorRole Role { get; }

    /// <summary>How it is written, such as <c>@timeout(duration = 30s) { … }</c>.</summary>
    public string Signature
    {
        get
        {
            var arguments = string.Join(", ", Parameters.Select(parameter => parameter.Signature));
            var call = arguments.Length == 0 && Role is not DecoratorRole.Value ? Written : $"{Written}({arguments})";
            return Role is DecoratorRole.Block or DecoratorRole.Pattern ? $"{call} {{ … }}" : call;
        }
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Written;
}
