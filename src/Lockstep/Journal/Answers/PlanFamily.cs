using System.Globalization;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;

namespace Lockstep.Journal.Answers;

/// <summary>How the steps of a plan are related, and which place in it makes a step's turn.</summary>
internal sealed class PlanFamily
{
    private readonly Dictionary<StepId, (PlanNode Step, PlanNode? Parent)> _steps = [];

    public PlanFamily(Plan? plan)
    {
        if (plan is null) return;
        _steps.Add(plan.Root.Id, (plan.Root, null));
        foreach (var step in plan.Steps())
            foreach (var child in step.Children) _steps.TryAdd(child.Id, (child, step));
    }

    public PlanNode? Find(StepId step) => _steps.GetValueOrDefault(step).Step;

    /// <summary>The steps around a step, the nearest first, each with its child that leads to the step.</summary>
    public IEnumerable<(PlanNode Around, PlanNode Child)> Around(StepId step)
    {
        while (_steps.TryGetValue(step, out var found) && found.Parent is { } parent)
        {
            yield return (parent, found.Step);
            step = parent.Id;
        }
    }

    /// <summary>Whether a step is inside another, at any depth.</summary>
    public bool IsInside(StepId step, StepId outer) => Around(step).Any(around => around.Around.Id == outer);

    /// <summary>Why it was a step's turn.</summary>
    /// <param name="step">The step.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <param name="condition">Why a condition chose its branch; null where no event says.</param>
    public string Turn(StepId step, string attempt, Func<StepId, string?> condition)
    {
        var numbers = new Stack<string>(attempt.Split('.'));
        foreach (var (around, child) in Around(step))
        {
            if (around is RetryNode && numbers.TryPop(out var number) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 1)
                return $"attempt {count - 1} of {around.Id} failed";
            if (Turn(around, child, condition) is { } reason) return reason;
        }

        return "the run begins with it";
    }

    private static string? Turn(PlanNode around, PlanNode child, Func<StepId, string?> condition)
    {
        var before = around.Children.IndexOf(child) is > 0 and var index ? around.Children[index - 1].Id : default;
        return around switch
        {
            SequenceNode when before.Path is not null => $"its turn: {before} before it had ended",
            ChainNode { Operator: ChainOperator.And } when before.Path is not null => $"{before} succeeded",
            ChainNode { Operator: ChainOperator.Or } when before.Path is not null => $"{before} failed",
            ChainNode { Operator: ChainOperator.Pipe } => $"the parts of the pipe {around.Id} start together",
            ParallelNode => $"the branches of {around.Id} run beside each other",
            NeedsNode => $"{around.Id} needs it",
            ConditionalNode => condition(around.Id),
            TryCatchNode attempt when ReferenceEquals(attempt.Catch, child) => $"{attempt.Main.Id} failed, and it catches that",
            TryCatchNode attempt when ReferenceEquals(attempt.Finally, child) => "a finally block runs in any case",
            _ => null,
        };
    }
}
