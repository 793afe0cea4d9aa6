using System.Collections.Immutable;

namespace Lockstep.Expressions;

/// <summary>Takes the fields of a step or an expression, one after the other: to hash them, to write them, to compare them.</summary>
/// <remarks>
/// The order and the names are part of a plan's hash, so they never change; a field that is new is left out while it has the value that plans had
/// before there was one. <see cref="FieldSource"/> reads what one of these wrote.
/// </remarks>
internal abstract class FieldSink
{
    public abstract void Text(string name, string text);

    /// <summary>A name that stands for a text, and so may show where the text may not.</summary>
    public virtual void Label(string name, string text) => Text(name, text);

    public abstract void Number(string name, long number);

    public abstract void Flag(string name, bool flag);

    public abstract void Duration(string name, TimeSpan duration);

    public abstract void Texts(string name, ImmutableArray<string> texts);

    public abstract void Template(string name, ShellTemplate template);

    /// <summary>A value of the plan, by its index.</summary>
    public abstract void Value(string name, int index);

    /// <summary>Text that may itself be a value, such as a default: left out where the value is sensitive.</summary>
    public abstract void Literal(string name, string text);
}
