using System.Collections.Immutable;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Commands.Decorators;

/// <summary>A decorator that shell text and strings may hold.</summary>
internal abstract class ValueDecorator(string name, string summary, params ImmutableArray<DecoratorParameter> parameters)
    : Decorator(name, summary, parameters)
{
    public sealed override DecoratorRole Role => DecoratorRole.Value;
}

/// <summary>A value decorator that stands for a variable or parameter; the binder finds which.</summary>
internal abstract class ReferenceDecorator(string name, string summary) : ValueDecorator(name, summary, Variable)
{
    public static readonly DecoratorParameter Variable =
        new("name", ParameterType.Variable, "The variable or parameter.") { Required = true };

    /// <summary>Whether the value is inserted as code.</summary>
    public virtual bool IsRaw => false;
}

/// <summary>A value decorator that says how a value is come by.</summary>
internal abstract class SourceDecorator(string name, string summary, params ImmutableArray<DecoratorParameter> parameters)
    : ValueDecorator(name, summary, parameters)
{
    /// <summary>What it becomes in a plan.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="ordinal">Which of the plan's values that differ at each use it is.</param>
    public abstract ValueExpression Lower(Arguments arguments, int ordinal);
}

/// <summary>A decorator that is a statement or a link of a chain.</summary>
internal abstract class ActionDecorator(string name, string summary, params ImmutableArray<DecoratorParameter> parameters)
    : Decorator(name, summary, parameters)
{
    public sealed override DecoratorRole Role => DecoratorRole.Action;
}

/// <summary>A decorator that wraps statements.</summary>
internal abstract class BlockDecorator(string name, string summary, params ImmutableArray<DecoratorParameter> parameters)
    : Decorator(name, summary, parameters)
{
    public sealed override DecoratorRole Role => DecoratorRole.Block;

    /// <summary>What it becomes in a plan.</summary>
    public abstract PlanNode Lower(StepId id, Arguments arguments, BlockBody body);
}

/// <summary>A decorator that chooses among branches; the planner knows each, as each has rules of its own for them.</summary>
internal abstract class PatternDecorator(string name, string summary, params ImmutableArray<DecoratorParameter> parameters)
    : Decorator(name, summary, parameters)
{
    public sealed override DecoratorRole Role => DecoratorRole.Pattern;
}

/// <summary>The planned statements of a block.</summary>
/// <param name="Steps">The statements.</param>
/// <param name="SequenceId">The id of the sequence they make when they are not exactly one.</param>
internal readonly record struct BlockBody(ImmutableArray<PlanNode> Steps, StepId SequenceId)
{
    /// <summary>The statements as one step.</summary>
    public PlanNode Whole() => Steps.Length == 1 ? Steps[0] : new SequenceNode(SequenceId, Steps);
}
