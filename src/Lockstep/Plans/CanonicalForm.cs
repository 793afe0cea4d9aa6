using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Lockstep.Expressions;
using Lockstep.Source;

namespace Lockstep.Plans;

/// <summary>Fields as bytes that no other fields have: each name and text goes with its length, each type with a tag of its own.</summary>
internal sealed class CanonicalForm(ImmutableArray<PlannedValue> values) : FieldSink
{
    private Sha256 _hash = new();
    private readonly byte[] _pending = new byte[1024];
    private int _length;
    private bool _sensitive;

    /// <summary>The fields that are hashed by where they came from, and not by what they hold or whether they are there.</summary>
    public ImmutableArray<FieldReference> References { get; set; } = [];

    private void Origins()
    {
        foreach (var reference in References)
        {
            Tag('r');
            Word(reference.Field);
            Word(reference.Origin);
        }
    }

    /// <summary>A step's kind and parameters.</summary>
    public void Step(PlanNode step)
    {
        Tag('(');
        Word(step.Kind);
        References = step.References;
        step.Fields(this);
        Origins();
    }

    public string FinishHex()
    {
        Flush();
        return _hash.FinishHex();
    }

    /// <summary>The first 8 bytes of the hash as a number. The next form begins empty.</summary>
    public long FinishNumber()
    {
        Flush();
        Span<byte> hash = stackalloc byte[32];
        _hash.Finish(hash);
        _hash = new();
        return BinaryPrimitives.ReadInt64BigEndian(hash);
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

    public void Long(long number) => BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), number);

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
