using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans.Views;

namespace Lockstep.Plans.Nodes;

/// <summary>A parameter of a <see cref="CustomNode"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its text; values in it are inserted as they are.</param>
public sealed record CustomParameter(string Name, ShellTemplate Text);

/// <summary>A step whose code the host program brings: the plan holds its type's name and its parameters.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type">The name under which the host registered the code.</param>
/// <param name="Parameters">What the code gets, in order.</param>
public sealed record CustomNode(StepId Id, string Type, ImmutableArray<CustomParameter> Parameters) : LeafNode(Id)
{
    internal const string KindName = "custom";
    private const string ParameterPrefix = "with.";

    /// <inheritdoc/>
    public override string Kind => KindName;

    internal override void Show(StepView view)
    {
        view.Decorator(Type);
        foreach (var parameter in Parameters) view.Fact($"{parameter.Name}=", parameter.Text);
    }

    internal override void Fields(FieldSink fields)
    {
        fields.Text("type", Type);
        foreach (var parameter in Parameters) fields.Template(ParameterPrefix + parameter.Name, parameter.Text);
    }

    internal static CustomNode Read(StepSource step)
        => new(step.Id, step.Fields.Text("type"), step.Fields.Templates(ParameterPrefix, static (name, text) => new CustomParameter(name, text)));
}
