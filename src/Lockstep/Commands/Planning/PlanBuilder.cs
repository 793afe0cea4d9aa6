using System.Collections.Immutable;
using Lockstep.Commands.Binding;
using Lockstep.Commands.Decorators;
using Lockstep.Commands.Decorators.Actions;
using Lockstep.Commands.Decorators.Patterns;
using Lockstep.Expressions;
using Lockstep.Plans;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Commands.Planning;

/// <summary>Expands a command to its tree of steps.</summary>
/// <remarks>
/// Commands may call each other deeper than a thread's stack, so nothing here recurses. What is to be done lies on a stack of its own: visiting a
/// statement names it and then either makes its step at once, or pushes how to make it from its children, and above that the children.
/// Steps are visited in the order they show, which is the order that values are numbered in.
/// </remarks>
internal sealed class PlanBuilder(SourceText source, PlanSurroundings around, PlanValueTable table, ValuePlanner values, PlanningDiagnostics report)
{
    /// <summary>The most steps of a plan.</summary>
    public const int StepLimit = 100_000;

    private readonly Stack<Work> _work = [];
    private readonly List<PlanNode> _built = [];
    private int _steps;

    /// <summary>The steps of a command; null when there are too many of them.</summary>
    public PlanNode? Build(CommandSymbol command, CallFrame frame)
    {
        var scope = new StepScope(new StepId(command.Name));
        Expect(command.Body.Length, steps => new SequenceNode(scope.Id, steps));
        VisitLater(command.Body, new Context(scope, frame, [], true));
        while (_work.TryPop(out var work))
        {
            switch (work)
            {
                case Visit visit:
                    if (++_steps > StepLimit)
                    {
                        report.TooLarge(command.Name, StepLimit, command.Header.NameSpan);
                        return null;
                    }
                    Plan(visit.Statement, visit.Context);
                    break;
                case Finish finish:
                    var start = _built.Count - finish.Children;
                    var children = ImmutableArray.CreateBuilder<PlanNode>(finish.Children);
                    for (var i = start; i < _built.Count; i++) children.Add(_built[i]);
                    _built.RemoveRange(start, finish.Children);
                    _built.Add(finish.Make(children.MoveToImmutable()));
                    break;
            }
        }
        return _built[0];
    }

    /// <summary>Something still to be done.</summary>
    private abstract record Work;

    private sealed record Visit(BoundStatement Statement, Context Context) : Work;

    private sealed record Finish(int Children, Func<ImmutableArray<PlanNode>, PlanNode> Make) : Work;

    /// <summary>What a statement stands in.</summary>
    /// <param name="Scope">Names it.</param>
    /// <param name="Frame">The parameters of the command it belongs to.</param>
    /// <param name="Needed">The commands that an earlier @needs has in the plan.</param>
    /// <param name="Shown">Whether the tree shows it: it is in no branch that was not chosen.</param>
    private sealed record Context(StepScope Scope, CallFrame Frame, HashSet<string> Needed, bool Shown)
    {
        /// <summary>Whether it is a link, so that a chain it is names itself by its operator and shares the scope of its leaves.</summary>
        public bool IsLink { get; init; }

        /// <summary>Whether it is a call by @needs.</summary>
        public bool IsNeed { get; init; }
    }

    private void Plan(BoundStatement statement, Context context)
    {
        switch (statement)
        {
            case BoundShell shell:
                Add(new ShellNode(context.Scope.Leaf(), values.Template(shell.Pieces, context.Frame, context.Shown)), shell.Span);
                break;
            case BoundLog log:
                var (arguments, references, error) = values.StepArguments(log.Arguments, context.Frame, context.Shown);
                Add(LogDecorator.Lower(context.Scope.Leaf(), arguments) with { References = references, Error = error }, log.Span);
                break;
            case BoundBlock block:
                PlanBlock(block, context);
                break;
            case BoundCall call:
                PlanCall(call, context);
                break;
            case BoundNeeds needs:
                PlanNeeds(needs, context);
                break;
            case BoundWhen choice:
                PlanWhen(choice, context);
                break;
            case BoundTry @try:
                PlanTry(@try, context);
                break;
            case BoundChain chain:
                PlanChain(chain, context);
                break;
            case BoundAppend append:
                PlanAppend(append, context);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType().Name);
        }
    }

    private void PlanBlock(BoundBlock block, Context context)
    {
        var id = context.Scope.Named(block.Decorator.Name);
        var (arguments, references, error) = values.StepArguments(block.Arguments, context.Frame, context.Shown);
        var scope = new StepScope(id);
        Expect(block.Body.Length, steps => At(
            block.Decorator.Lower(id, arguments, new BlockBody(steps, SequenceId(scope, steps))) with { References = references, Error = error }, block.Span));
        VisitLater(block.Body, context with { Scope = scope, IsLink = false });
    }

    private void PlanCall(BoundCall call, Context context)
    {
        var id = context.Scope.Named(call.Target.Name);
        if (context.IsNeed && !context.Needed.Add(call.Target.Name))
        {
            Add(new CallNode(id, call.Target.Name, [], null) { Once = true }, call.Span);
            return;
        }
        var scope = new StepScope(id);
        var body = call.Target.Body;
        var frame = values.Call(call.Target, call.Arguments, context.Frame);
        var written = ImmutableArray.CreateRange(call.Written, argument => argument.Shown(argument.Parameter >= 0 && frame.Arguments[argument.Parameter].Sensitive));
        Expect(body.Length, steps => At(
            new CallNode(id, call.Target.Name, written, Whole(scope, steps)) { Once = context.IsNeed }, call.Span));
        VisitLater(body, context with
        {
            Scope = scope,
            Frame = frame,
            IsLink = false,
            IsNeed = false,
        });
    }

    private void PlanNeeds(BoundNeeds needs, Context context)
    {
        var scope = new StepScope(context.Scope.Named("needs"));
        Expect(needs.Calls.Length, calls => At(new NeedsNode(scope.Id, ImmutableArray.CreateRange(calls, call => (CallNode)call)), needs.Span));
        VisitLater(needs.Calls, context with { Scope = scope, IsLink = false, IsNeed = true });
    }

    private void PlanWhen(BoundWhen when, Context context)
    {
        var scope = new StepScope(context.Scope.Named("when"));
        var (index, evaluation) = Evaluate(when, context);
        Expect(when.Branches.Length, bodies => At(
            new ConditionalNode(scope.Id, when.Name, index, Branches(when, bodies), evaluation), when.Span));
        for (var i = when.Branches.Length - 1; i >= 0; i--)
        {
            var branch = when.Branches[i];
            var isChosen = evaluation is not null && evaluation.SelectedBranch == branch.Pattern;
            // What a branch that may not run needs, is not there for what follows it.
            var needed = isChosen ? context.Needed : [.. context.Needed];
            VisitBranch(branch.Body, scope, branch.Pattern, context with { Needed = needed, Shown = context.Shown && (isChosen || evaluation is null) });
        }
    }

    private (int? Index, ConditionResult? Evaluation) Evaluate(BoundWhen when, Context context)
    {
        if (when.Value is null)
            return (null, Condition.Choose(when, Condition.FromEnvironment(when.Name, around), SensitiveName.Matches(when.Name)));
        var value = values.Of(when.Value, context.Frame);
        var index = table.Use(value, shown: false);
        var text = context.Shown ? table.Resolve(value) : value.Resolved?.Text;
        if (context.Shown) value.Problem?.Report();
        return (index, text is null ? null : Condition.Choose(when, text, value.Sensitive));
    }

    private static ImmutableArray<Branch> Branches(BoundWhen when, ImmutableArray<PlanNode> bodies)
    {
        var branches = ImmutableArray.CreateBuilder<Branch>(bodies.Length);
        for (var i = 0; i < bodies.Length; i++) branches.Add(new Branch(when.Branches[i].Pattern, bodies[i]));
        return branches.MoveToImmutable();
    }

    private void PlanTry(BoundTry @try, Context context)
    {
        var scope = new StepScope(context.Scope.Named("try"));
        var hasCatch = @try.Catch is not null;
        var count = 1 + (hasCatch ? 1 : 0) + (@try.Finally is null ? 0 : 1);
        Expect(count, parts => At(
            new TryCatchNode(scope.Id, parts[0], hasCatch ? parts[1] : null, @try.Finally is null ? null : parts[^1]), @try.Span));
        if (@try.Finally is { } @finally) VisitBranch(@finally, scope, TryDecorator.Finally, context);
        if (@try.Catch is { } @catch) VisitBranch(@catch, scope, TryDecorator.Catch, context);
        VisitBranch(@try.Main, scope, TryDecorator.Main, context);
    }

    private void PlanChain(BoundChain chain, Context context)
    {
        var (id, scope) = ChainScope(context, chain.Operator switch
        {
            ChainOperator.And => "and",
            ChainOperator.Or => "or",
            _ => "pipe",
        });
        Expect(chain.Links.Length, links => At(new ChainNode(id, chain.Operator, links), chain.Span));
        VisitLater(chain.Links, context with { Scope = scope, IsLink = true });
    }

    private void PlanAppend(BoundAppend append, Context context)
    {
        var (id, scope) = ChainScope(context, "append");
        var file = values.Template(append.File, context.Frame, context.Shown);
        Expect(1, links => At(new ChainNode(id, ChainOperator.And, links) { AppendTo = file }, append.Span));
        VisitLater([append.Link], context with { Scope = scope, IsLink = true });
    }

    // The leaves of a chain are numbered as they are read, however its operators nest.
    private static (StepId Id, StepScope Scope) ChainScope(Context context, string segment)
    {
        if (context.IsLink) return (context.Scope.Named(segment), context.Scope);
        var id = context.Scope.Named("chain");
        return (id, new StepScope(id));
    }

    private void VisitBranch(ImmutableArray<BoundStatement> body, StepScope parent, string name, Context context)
    {
        var scope = new StepScope(parent.Branch(name));
        Expect(body.Length, steps => steps.Length == 1 ? steps[0] : new SequenceNode(scope.Id, steps));
        VisitLater(body, context with { Scope = scope, IsLink = false });
    }

    private void VisitLater<T>(ImmutableArray<T> statements, Context context) where T : BoundStatement
    {
        for (var i = statements.Length - 1; i >= 0; i--) _work.Push(new Visit(statements[i], context));
    }

    private void Expect(int children, Func<ImmutableArray<PlanNode>, PlanNode> make) => _work.Push(new Finish(children, make));

    private static PlanNode Whole(StepScope scope, ImmutableArray<PlanNode> steps) => new BlockBody(steps, SequenceId(scope, steps)).Whole();

    // Asked for after the children have their names, so that an author's `sequence` keeps its own.
    private static StepId SequenceId(StepScope scope, ImmutableArray<PlanNode> steps) => steps.Length == 1 ? scope.Id : scope.Named("sequence");

    private void Add(PlanNode node, Span span) => _built.Add(At(node, span));

    private PlanNode At(PlanNode node, Span span)
    {
        var position = source.PositionAt(span.Start);
        values.Done(node);
        return node with { Place = new Place(source.Path, position.Line, position.Column) };
    }
}
