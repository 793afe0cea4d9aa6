using System.Collections.Immutable;
using Lockstep.Expressions;

namespace Lockstep.Plans;

/// <summary>Collects which values steps use.</summary>
internal sealed class ValueUses : FieldSink
{
    public SortedSet<int> Indexes { get; } = [];

    public override void Template(string name, ShellTemplate template)
    {
        foreach (var piece in template.Pieces)
            if (piece is ValueUse use) Indexes.Add(use.Value);
    }

    public override void Value(string name, int index) => Indexes.Add(index);

    public override void Text(string name, string text) { }

    public override void Number(string name, long number) { }

    public override void Flag(string name, bool flag) { }

    public override void Duration(string name, TimeSpan duration) { }

    public override void Texts(string name, ImmutableArray<string> texts) { }

    public override void Literal(string name, string text) { }
}
