using System.Collections.Immutable;
using Lockstep.Commands.Syntax;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Commands.Binding;

/// <summary>Gives a flat chain the shell's own structure: <c>&gt;&gt;</c> belongs to the link before it, a pipe binds tighter than
/// <c>&amp;&amp;</c> and <c>||</c>, and these two are equals that group from the left.</summary>
internal static class ChainBinder
{
    /// <param name="chain">The chain as written.</param>
    /// <param name="links">Its links, bound, one for each that is written.</param>
    /// <param name="files">The names of the files that follow a <c>&gt;&gt;</c>, by the position of their link.</param>
    public static BoundStatement Bind(ChainSyntax chain, ReadOnlySpan<BoundStatement?> links, Func<int, ImmutableArray<BoundPiece>> files)
    {
        var result = default(Group);
        var pipe = new Group(ChainOperator.Pipe, [links[0]!]);
        for (var i = 0; i < chain.Symbols.Length; i++)
        {
            switch (chain.Symbols[i])
            {
                case ChainSymbol.Append:
                    var last = pipe.Links[^1];
                    pipe.Links[^1] = new BoundAppend(last, files(i + 1), Span.FromBounds(last.Span.Start, chain.Links[i + 1].Span.End));
                    break;
                case ChainSymbol.Pipe:
                    pipe.Links.Add(links[i + 1]!);
                    break;
                case var symbol:
                    result = result.With(pipe.Whole());
                    result = result.JoinedBy(symbol is ChainSymbol.And ? ChainOperator.And : ChainOperator.Or);
                    pipe = new Group(ChainOperator.Pipe, [links[i + 1]!]);
                    break;
            }
        }
        return result.With(pipe.Whole()).Whole();
    }

    /// <summary>Links that one operator joins, so far.</summary>
    private readonly record struct Group(ChainOperator Operator, List<BoundStatement> Links)
    {
        public Group With(BoundStatement link)
        {
            if (Links is null) return new Group(Operator, [link]);
            Links.Add(link);
            return this;
        }

        // `a && b && c` stays one group; `a && b || c` makes the first two a link of the second.
        public Group JoinedBy(ChainOperator next)
            => Links.Count == 1 || Operator == next ? new Group(next, Links) : new Group(next, [Whole()]);

        public BoundStatement Whole() => Links.Count == 1
            ? Links[0]
            : new BoundChain(Operator, [.. Links], Span.FromBounds(Links[0].Span.Start, Links[^1].Span.End));
    }
}
