using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Lockstep.Expressions;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

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
        Enter(form, plan.Root);
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
            Enter(form, child);
            open.Push((child, child is CallNode { Once: true } call && !needed.Add(call.Command) ? [] : child.Children, 0));
        }

        return form.FinishHex()[..16];
    }

    private static void Enter(CanonicalForm form, PlanNode step)
    {
        form.Tag('(');
        form.Word(step.Kind);
        form.References = step.References;
        step.Fields(form);
        form.Origins();
    }

    /// <summary>Fields as bytes that no other fields have: each name and text goes with its length, each type with a tag of its own.</summary>
    private sealed class CanonicalForm(ImmutableArray<PlannedValue> values) : FieldSink
    {
        private readonly Sha256 _hash = new();
        private readonly byte[] _pending = new byte[1024];
        private int _length;
        private bool _sensitive;

        /// <summary>The fields that are hashed by where they came from, and not by what they hold or whether they are there.</summary>
        public ImmutableArray<FieldReference> References { get; set; } = [];

        public void Origins()
        {
            foreach (var reference in References)
            {
                Tag('r');
                Word(reference.Field);
                Word(reference.Origin);
            }
        }

        public string FinishHex()
        {
            Flush();
            return _hash.FinishHex();
        }

        public void Tag(char tag) => Room(1)[0] = (byte)tag;

        public void Word(string text)
        {
            var bytes = Encoding.UTF8.GetByteCount(text);
            Length(bytes);
            if (bytes <= _pending.Length)
            {
                Encoding.UTF8.GetBytes(text, Room(bytes));
                return;
            }

            Flush();
            _hash.Append(Encoding.UTF8.GetBytes(text));
        }

        public override void Text(string name, string text)
        {
            if (Name('t', name)) Word(text);
        }

        public override void Number(string name, long number)
        {
            if (Name('n', name)) Long(number);
        }

        public override void Flag(string name, bool flag) => Name(flag ? '1' : '0', name);

        public override void Duration(string name, TimeSpan duration)
        {
            if (Name('d', name)) Long(duration.Ticks);
        }

        public override void Texts(string name, ImmutableArray<string> texts)
        {
            if (!Name('l', name)) return;
            Length(texts.Length);
            foreach (var text in texts) Word(text);
        }

        public override void Template(string name, ShellTemplate template)
        {
            if (!Name('s', name)) return;
            Length(template.Pieces.Length);
            foreach (var piece in template.Pieces)
            {
                if (piece is ValueUse use)
                {
                    Tag('v');
                    Word(use.Quoting.Word());
                    Planned(use.Value);
                    if (use.Quoting is Quoting.Raw) Code(values[use.Value]);
                }
                else
                {
                    Tag('x');
                    Word(((LiteralText)piece).Text);
                }
            }
        }

        public override void Value(string name, int index)
        {
            if (Name('v', name)) Planned(index);
        }

        public override void Literal(string name, string text)
        {
            if (!_sensitive) Text(name, text);
        }

        private void Planned(int index)
        {
            var value = values[index];
            _sensitive = value.Sensitive;
            Tag('[');
            Word(value.Expression.Decorator);
            Word(value.Name);
            var outside = References;
            References = value.References;
            value.Expression.Fields(this);
            Origins();
            References = outside;
            Tag(']');
        }

        // What a literal inserts as code is as much a part of the command as the text around it.
        private void Code(PlannedValue value)
        {
            var code = value.Expression switch
            {
                VariableExpression variable => variable.Text,
                ParameterExpression parameter => parameter.Text,
                _ => null,
            };
            if (code is null || value.Sensitive) return;
            Tag('c');
            Word(code);
        }

        private bool Name(char type, string name)
        {
            foreach (var reference in References)
                if (reference.Field == name) return false;
            Tag(type);
            Word(name);
            return true;
        }

        private void Length(int length) => BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), length);

        private void Long(long number) => BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), number);

        private Span<byte> Room(int bytes)
        {
            if (_length + bytes > _pending.Length) Flush();
            _length += bytes;
            return _pending.AsSpan(_length - bytes, bytes);
        }

        private void Flush()
        {
            _hash.Append(_pending.AsSpan(0, _length));
            _length = 0;
        }
    }
}
