using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Expressions;
using Lockstep.Plans.Views;
using Lockstep.Source;

namespace Lockstep.Plans.Json;

/// <summary>Writes fields as properties of the JSON object that is open.</summary>
internal sealed class JsonFields(Utf8JsonWriter writer) : FieldSink
{
    /// <summary>Whether the fields are those of a value that must not show.</summary>
    public bool Sensitive { get; set; }

    /// <summary>The fields whose text came from other values.</summary>
    public ImmutableArray<FieldReference> References { get; set; } = [];

    /// <summary>Whether a text was left out.</summary>
    public bool HasLeftOut { get; set; }

    public override void Text(string name, string text)
    {
        foreach (var reference in References)
        {
            if (!reference.Sensitive || reference.Field != name) continue;
            HasLeftOut = true;
            text = PlannedText.Redacted;
        }

        writer.WriteString(name, text);
    }

    public override void Label(string name, string text) => writer.WriteString(name, text);

    public override void Number(string name, long number) => writer.WriteNumber(name, number);

    public override void Flag(string name, bool flag) => writer.WriteBoolean(name, flag);

    public override void Duration(string name, TimeSpan duration) => writer.WriteString(name, HumanDuration.Format(duration));

    public override void Texts(string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    public override void Template(string name, ShellTemplate template)
    {
        writer.WriteStartArray(name);
        foreach (var piece in template.Pieces)
        {
            if (piece is ValueUse use)
            {
                writer.WriteStartObject();
                writer.WriteNumber("value"u8, use.Value);
                if (use.Quoting != Quoting.Bare) writer.WriteString("quoting"u8, use.Quoting.Word());
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteStringValue(((LiteralText)piece).Text);
            }
        }

        writer.WriteEndArray();
    }

    public override void Value(string name, int index) => writer.WriteNumber(name, index);

    public override void Literal(string name, string text)
    {
        if (Sensitive) HasLeftOut = true;
        else Text(name, text);
    }
}
