using System.Collections.Immutable;
using Lockstep.Plans.Nodes;

namespace Lockstep.Plans;

/// <summary>A name for a plan's structure: the same for plans that do the same with whatever values, on every machine and in every release.</summary>
/// <remarks>
/// Kinds, shell text around its values, where values come from, static parameters, order and every branch make it. The command's name, ids, places,
/// markers, resolved values, literal values of variables and parameters save those inserted as code, and the branch that a condition chose do not. docs/plan.md has the bytes.
/// </remarks>
public static class GraphHash
{
    /// <summary>The first 16 hexadecimal digits, in lower case, of the SHA-256 of the plan's canonical form. Any depth.</summary>
    public static string Of(Plan plan)
    {
        var form = new CanonicalForm(plan.Values);
        form.Word("lockstep-graph-1");
        form.Word(plan.Mode.Word());

        // Which branch was chosen decides which later need of a command finds it done, and so comes without its body.
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(PlanNode Step, ImmutableArray<PlanNode> Children, int Next)>();
        form.Step(plan.Root);
        open.Push((plan.Root, plan.Root.Children, 0));
        while (open.TryPop(out var at))
        {
            if (at.Next == at.Children.Length)
            {
                form.Tag(')');
                continue;
            }

            if (at.Step.BranchOf(at.Next) is { } branch)
            {
                form.Tag(':');
                form.Word(branch);
            }

            var child = at.Children[at.Next];
            open.Push(at with { Next = at.Next + 1 });
            form.Step(child);
            open.Push((child, child is CallNode { Once: true } call && !needed.Add(call.Command) ? [] : child.Children, 0));
        }

        return form.FinishHex()[..16];
    }
}
