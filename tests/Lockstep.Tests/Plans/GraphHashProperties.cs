using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Tests.Plans;

public sealed class GraphHashProperties
{
    [Fact]
    public void Nothing_that_is_resolved_found_out_or_only_shown_changes_a_hash()
        => Prop.ForAll(AnyPlan.Any, plan => Assert.Equal(GraphHash.Of(plan), GraphHash.Of(Reworded(plan)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_change_of_any_step_changes_the_hash()
        => Prop.ForAll(AnyPlan.Any, plan =>
        {
            var hash = GraphHash.Of(plan);
            foreach (var step in plan.Steps().Take(30)) Assert.NotEqual(hash, GraphHash.Of(plan with { Root = Replaced(plan.Root, step) }));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_change_of_a_literal_that_is_inserted_as_code_changes_the_hash()
        => Prop.ForAll(AnyPlan.Any, plan =>
        {
            var hash = GraphHash.Of(plan);
            foreach (var index in InsertedAsCode(plan))
            {
                if (plan.Values[index] is not { Sensitive: false, Expression: VariableExpression or ParameterExpression } value) continue;
                var changed = plan with { Values = plan.Values.SetItem(index, value with { Expression = WithLongerText(value.Expression) }) };
                Assert.NotEqual(hash, GraphHash.Of(changed));
            }
        }).QuickCheckThrowOnFailure();

    private static HashSet<int> InsertedAsCode(Plan plan) => [..
        from step in plan.Steps()
        from template in Templates(step)
        from use in template.Pieces.OfType<ValueUse>()
        where use.Quoting is Quoting.Raw
        select use.Value];

    private static IEnumerable<ShellTemplate> Templates(PlanNode step) => step switch
    {
        ShellNode node => [node.Text],
        LogNode node => [node.Message],
        ChainNode { AppendTo: { } file } => [file],
        WorkdirNode node => [node.Path],
        EnvironmentNode node => node.Entries.Select(entry => entry.Value),
        ConfirmNode node => [node.Message],
        LockNode node => [node.Name],
        CacheNode node => [node.Key],
        _ => [],
    };

    private static ValueExpression WithLongerText(ValueExpression expression) => expression switch
    {
        VariableExpression variable => variable with { Text = variable.Text + "!" },
        ParameterExpression parameter => parameter with { Text = parameter.Text + "!" },
        var same => same,
    };

    private static Plan Reworded(Plan plan) => Reworded(plan, InsertedAsCode(plan));

    private static Plan Reworded(Plan plan, HashSet<int> code) => plan with
    {
        Command = plan.Command + "!",
        Root = Rebuilt(plan.Root, step => Reworded(step)),
        Values = [.. plan.Values.Select((value, index) => value with
        {
            Marker = value.Marker + 5,
            Resolved = value.Resolved is null ? new("other", ValueSource.Config) : null,
            Pinned = !value.Pinned,
            Error = "other",
            Expression = value.Expression switch
            {
                HttpExpression http => http with { Url = http.Url + "!" },
                ParameterExpression parameter when code.Contains(index) && !value.Sensitive => parameter with { IsDefault = !parameter.IsDefault },
                var expression => code.Contains(index) && !value.Sensitive ? expression : WithLongerText(expression),
            },
        })],
        Context = new("/elsewhere", [], "darwin", "arm64"),
    };

    private static PlanNode Reworded(PlanNode step)
    {
        if (step is ConditionalNode conditional) step = conditional with { Evaluation = conditional.Evaluation is null ? new("y", "x", "because") : null };
        return step with { Id = step.Id.Child("x"), Place = new Place("other.cli", 1, 1), Error = step.Error is null ? "other" : null };
    }

    private static PlanNode Replaced(PlanNode root, PlanNode target) => Rebuilt(root, step => ReferenceEquals(step, target) ? Changed(step) : step);

    private static PlanNode Changed(PlanNode step) => step switch
    {
        ShellNode node => node with { Text = Longer(node.Text) },
        LogNode node => node with { Plain = !node.Plain },
        CallNode node => node with { Command = node.Command + "!" },
        NeedsNode node => node with { Calls = node.Calls.Add(node.Calls[0]) },
        SequenceNode node => node with { Steps = node.Steps.Insert(0, Sketch.Shell("new")) },
        ParallelNode node => node with { Concurrency = (node.Concurrency ?? 0) + 1 },
        ChainNode node => node with { AppendTo = node.AppendTo is null ? Sketch.Text("f") : null },
        TimeoutNode node => node with { Duration = node.Duration + TimeSpan.FromTicks(1) },
        RetryNode node => node with { Attempts = node.Attempts + 1 },
        WorkdirNode node => node with { Path = Longer(node.Path) },
        EnvironmentNode node => node with { Entries = node.Entries.RemoveAt(0) },
        ConfirmNode node => node with { DefaultYes = !node.DefaultYes },
        DebounceNode node => node with { Pattern = node.Pattern + "!" },
        LockNode node => node with { Name = Longer(node.Name) },
        LimitNode node => node with { Memory = (node.Memory ?? 0) + 1 },
        CacheNode node => node with { Outputs = node.Outputs.Add("x") },
        ConditionalNode node => node with { Branches = node.Branches.SetItem(0, node.Branches[0] with { Pattern = "y" }) },
        TryCatchNode node => node with { Catch = node.Finally, Finally = node.Catch, Main = Sketch.Shell("new") },
        _ => throw new ArgumentException(step.Kind),
    };

    private static ShellTemplate Longer(ShellTemplate text) => new(text.Pieces.Add(new LiteralText("!")));

    private static PlanNode Rebuilt(PlanNode step, Func<PlanNode, PlanNode> change)
    {
        var changed = change(step);
        if (!ReferenceEquals(changed, step) && changed.Children != step.Children) return changed;
        return changed switch
        {
            WrapperNode node => node with { Body = Rebuilt(node.Body, change) },
            CallNode { Body: { } body } node => node with { Body = Rebuilt(body, change) },
            NeedsNode node => node with { Calls = [.. node.Calls.Select(call => (CallNode)Rebuilt(call, change))] },
            SequenceNode node => node with { Steps = Rebuilt(node.Steps, change) },
            ParallelNode node => node with { Branches = Rebuilt(node.Branches, change) },
            ChainNode node => node with { Links = Rebuilt(node.Links, change) },
            ConditionalNode node => node with { Branches = [.. node.Branches.Select(branch => branch with { Body = Rebuilt(branch.Body, change) })] },
            TryCatchNode node => node with
            {
                Main = Rebuilt(node.Main, change),
                Catch = node.Catch is null ? null : Rebuilt(node.Catch, change),
                Finally = node.Finally is null ? null : Rebuilt(node.Finally, change),
            },
            _ => changed,
        };
    }

    private static ImmutableArray<PlanNode> Rebuilt(ImmutableArray<PlanNode> steps, Func<PlanNode, PlanNode> change)
        => [.. steps.Select(step => Rebuilt(step, change))];
}
