using System.Collections.Immutable;
using Lockstep.Commands.Decorators.Blocks;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>Finds locks that are taken inside themselves, where their names are literals: such a one waits for its own release.</summary>
/// <remarks>
/// It follows <c>@cmd</c> and not <c>@needs</c>: what is needed may have run before the lock was taken, and then does not run again.
/// </remarks>
internal sealed class LockNesting(BindingDiagnostics report)
{
    private readonly record struct Taken(string Name, Span Span);

    private sealed record Contents(List<Taken> Locks, List<BoundCall> Calls);

    // Enough for any file that people write; one that is made to be slow is not looked through to its end.
    private int _left = 100_000;

    private readonly Dictionary<CommandSymbol, Contents> _contents = [];
    private readonly List<Taken> _held = [];

    /// <summary>Reports each lock of a command that is taken while it is held, and each call that leads to one.</summary>
    public void Check(CommandSymbol command) => Visit(command.Body, Enter, Leave, CheckCall);

    private void Enter(Taken taken)
    {
        foreach (var held in _held)
        {
            if (held.Name != taken.Name) continue;
            report.LockInItself(taken.Name, taken.Span, "it is held from here on", held.Span);
            break;
        }
        _held.Add(taken);
    }

    private void Leave() => _held.RemoveAt(_held.Count - 1);

    private void CheckCall(BoundCall call)
    {
        if (_held.Count == 0) return;
        var seen = new HashSet<CommandSymbol> { call.Target };
        var open = new Queue<CommandSymbol>([call.Target]);
        while (open.TryDequeue(out var command) && _left-- > 0)
        {
            var contents = ContentsOf(command);
            foreach (var taken in contents.Locks)
            {
                if (!_held.Exists(held => held.Name == taken.Name)) continue;
                report.LockInItself(taken.Name, call.Span, "this takes it again", taken.Span);
                return;
            }
            foreach (var inner in contents.Calls)
                if (seen.Add(inner.Target)) open.Enqueue(inner.Target);
        }
    }

    private Contents ContentsOf(CommandSymbol command)
    {
        if (_contents.TryGetValue(command, out var contents)) return contents;
        contents = new Contents([], []);
        Visit(command.Body, contents.Locks.Add, () => { }, contents.Calls.Add);
        _contents.Add(command, contents);
        return contents;
    }

    // Chains nest deeper than a thread's stack: what is to be visited lies on one of its own, with null where a lock's block ends.
    private static void Visit(ImmutableArray<BoundStatement> statements, Action<Taken> enter, Action leave, Action<BoundCall> call)
    {
        var open = new Stack<BoundStatement?>();
        Push(statements);
        while (open.TryPop(out var statement))
        {
            switch (statement)
            {
                case null:
                    leave();
                    break;
                case BoundCall bound:
                    call(bound);
                    break;
                case BoundBlock block:
                    if (block.Decorator is LockDecorator && NameOf(block.Arguments.Values[0]) is { } name)
                    {
                        enter(new Taken(name, block.Arguments.Span));
                        open.Push(null);
                    }
                    Push(block.Body);
                    break;
                case BoundWhen choice:
                    for (var i = choice.Branches.Length - 1; i >= 0; i--) Push(choice.Branches[i].Body);
                    break;
                case BoundTry @try:
                    Push(@try.Finally ?? []);
                    Push(@try.Catch ?? []);
                    Push(@try.Main);
                    break;
                case BoundChain chain:
                    Push(chain.Links);
                    break;
                case BoundAppend append:
                    open.Push(append.Link);
                    break;
                case BoundShell or BoundLog or BoundNeeds:
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(statements), statement.GetType().Name);
            }
        }

        void Push(ImmutableArray<BoundStatement> inner)
        {
            for (var i = inner.Length - 1; i >= 0; i--) open.Push(inner[i]);
        }
    }

    private static string? NameOf(BoundArgument? argument) => argument switch
    {
        KnownArgument { Value: Decorators.TextArgument text } => text.Text,
        TextWithValues { Pieces: [BoundUse { Value: BoundVariable { Symbol: { Type: not null } symbol } }] } => symbol.Syntax.Value.LiteralText(),
        _ => null,
    };
}
