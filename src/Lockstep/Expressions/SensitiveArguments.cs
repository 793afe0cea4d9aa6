using System.Collections.Immutable;

namespace Lockstep.Expressions;

/// <summary>The texts in a value's expression that must not show.</summary>
internal sealed class SensitiveArguments : FieldSink
{
    private readonly ImmutableArray<FieldReference> _references;
    private readonly List<string> _texts = [];

    private SensitiveArguments(ImmutableArray<FieldReference> references) => _references = references;

    public static IReadOnlyList<string> Of(PlannedValue value)
    {
        if (value.NotKept) return [];
        var sink = new SensitiveArguments(value.References);
        value.Expression.Fields(sink);
        if (value.Expression is HttpExpression http && sink.Hides("label")) sink._texts.Add(http.Url);
        return sink._texts;
    }

    public override void Text(string name, string text)
    {
        if (Hides(name)) _texts.Add(text);
    }

    public override void Label(string name, string text) { }

    public override void Literal(string name, string text) => Text(name, text);

    public override void Number(string name, long number) { }

    public override void Flag(string name, bool flag) { }

    public override void Duration(string name, TimeSpan duration) { }

    public override void Texts(string name, ImmutableArray<string> texts) { }

    public override void Template(string name, ShellTemplate template) { }

    public override void Value(string name, int index) { }

    private bool Hides(string name) => _references.Any(reference => reference.Sensitive && reference.Field == name);
}
