using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Expressions;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators;

/// <summary>An argument as a decorator gets it: checked, and with names replaced by what they stand for. Closed.</summary>
internal abstract record Argument
{
    private protected Argument() { }

    /// <summary>How it would be written in a file.</summary>
    public abstract string Written { get; }
}

/// <summary>Text.</summary>
/// <param name="Text">The text itself.</param>
/// <param name="Label">The name it was written as, when it was one.</param>
internal sealed record TextArgument(string Text, string? Label = null) : Argument
{
    public override string Written => $"\"{Text}\"";
}

/// <summary>A whole number.</summary>
internal sealed record NumberArgument(int Number) : Argument
{
    public override string Written => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A duration, with the text it was written as.</summary>
internal sealed record DurationArgument(TimeSpan Duration, string Text) : Argument
{
    public override string Written => Text;
}

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed record FlagArgument(bool Value) : Argument
{
    public override string Written => Value ? "true" : "false";
}

/// <summary>Text with values in it.</summary>
internal sealed record TemplateArgument(ShellTemplate Template) : Argument
{
    public override string Written => "\"…\"";
}

/// <summary>A decorator's arguments by parameter, with defaults filled in.</summary>
internal sealed class Arguments(Decorator decorator, ImmutableArray<Argument?> values, ImmutableArray<EnvironmentEntry> entries)
{
    /// <summary>The arguments of <see cref="ParameterType.Entries"/>, in the order written.</summary>
    public ImmutableArray<EnvironmentEntry> Entries { get; } = entries;

    public string Text(DecoratorParameter parameter) => OptionalText(parameter) ?? "";

    public string? OptionalText(DecoratorParameter parameter) => ((TextArgument?)this[parameter])?.Text;

    /// <summary>The name a text was written as, else the text.</summary>
    public string Label(DecoratorParameter parameter)
        => this[parameter] is TextArgument { Label: { } label } ? label : Text(parameter);

    public int? OptionalNumber(DecoratorParameter parameter) => ((NumberArgument?)this[parameter])?.Number;

    public int Number(DecoratorParameter parameter) => ((NumberArgument)this[parameter]!).Number;

    public TimeSpan Duration(DecoratorParameter parameter) => ((DurationArgument)this[parameter]!).Duration;

    public bool Flag(DecoratorParameter parameter) => ((FlagArgument)this[parameter]!).Value;

    public ShellTemplate Template(DecoratorParameter parameter) => this[parameter] switch
    {
        TemplateArgument argument => argument.Template,
        TextArgument argument => ShellTemplate.Of(argument.Text),
        _ => ShellTemplate.Of(""),
    };

    private Argument? this[DecoratorParameter parameter]
    {
        get
        {
            var index = decorator.Parameters.IndexOf(parameter);
            return values[index] ?? parameter.Default;
        }
    }
}
