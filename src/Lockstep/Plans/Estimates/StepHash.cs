namespace Lockstep.Plans.Estimates;

/// <summary>Names for what steps do, so that how long one took can be found again: the same for one step of one project whatever its values, its id and its neighbours are.</summary>
public static class StepHash
{
    /// <summary>The hash of each step that takes time of its own: of the project's folder, the step's kind and parameters, and those of what wraps it.</summary>
    /// <remarks>Any depth. Steps that do the same, as two of one loop, have the same.</remarks>
    public static IReadOnlyDictionary<StepId, long> Of(Plan plan)
    {
        var hashes = new Dictionary<StepId, long>();
        var form = new CanonicalForm(plan.Values);
        form.Word("lockstep-step-1");
        form.Word(plan.Context.Directory);
        var open = new Stack<(PlanNode Step, long Around)>();
        open.Push((plan.Root, form.FinishNumber()));
        while (open.TryPop(out var at))
        {
            var around = at.Around;
            if (at.Step.TakesTime || at.Step is Nodes.WrapperNode)
            {
                form.Long(around);
                form.Step(at.Step);
                around = form.FinishNumber();
            }

            if (at.Step.TakesTime) hashes[at.Step.Id] = around;
            foreach (var child in at.Step.Children) open.Push((child, around));
        }

        return hashes;
    }
}
