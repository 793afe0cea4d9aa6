using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Source;

namespace Lockstep.Expressions;

/// <summary>Gives back the fields that a <see cref="FieldSink"/> wrote as a JSON object. A field that is missing or of another type throws <see cref="FormatException"/>.</summary>
/// <param name="json">The object.</param>
/// <param name="owner">What it belongs to, for messages: <c>step deploy/timeout</c>.</param>
/// <param name="valueCount">How many values the plan has, so that no index points past them.</param>
internal readonly struct FieldSource(JsonElement json, string owner, int valueCount)
{
    public string Text(string name) => Field(name, JsonValueKind.String).GetString()!;

    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    public int Number(string name)
        => Field(name, JsonValueKind.Number).TryGetInt32(out var number) ? number : throw Wrong(name, "a whole number");

    public int? OptionalNumber(string name) => Has(name) ? Number(name) : null;

    public bool Flag(string name) => OptionalFlag(name) ?? throw Wrong(name, "true or false");

    public bool? OptionalFlag(string name) => !json.TryGetProperty(name, out var field) ? null : field.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false"),
    };

    public TimeSpan Duration(string name)
        => HumanDuration.TryParse(Text(name), out var duration) ? duration : throw Wrong(name, "a duration such as 1h30m");

    public ImmutableArray<string> Texts(string name)
    {
        var array = Field(name, JsonValueKind.Array);
        var texts = ImmutableArray.CreateBuilder<string>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, "an array of strings"));
        return texts.MoveToImmutable();
    }

    public int Value(string name) => ValueIndex(name, Number(name));

    public ShellTemplate Template(string name) => TemplateOf(name, Field(name, JsonValueKind.Array));

    public ShellTemplate? OptionalTemplate(string name) => Has(name) ? Template(name) : null;

    /// <summary>All fields as templates, in order: an object whose names are the author's.</summary>
    public ImmutableArray<T> Templates<T>(Func<string, ShellTemplate, T> make) => Templates("", make);

    /// <summary>All fields whose names begin so, as templates, in order; <paramref name="make"/> gets the rest of the name.</summary>
    public ImmutableArray<T> Templates<T>(string prefix, Func<string, ShellTemplate, T> make)
    {
        var all = ImmutableArray.CreateBuilder<T>();
        foreach (var field in json.EnumerateObject())
            if (field.Name.StartsWith(prefix, StringComparison.Ordinal)) all.Add(make(field.Name[prefix.Length..], TemplateOf(field.Name, field.Value)));
        return all.ToImmutable();
    }

    /// <summary>A word of a closed set; <paramref name="meaning"/> gives null for a word that is not of it.</summary>
    public T Word<T>(string name, Func<string, T?> meaning) where T : struct => meaning(Text(name)) ?? throw Wrong(name, "a word of this version");

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public FormatException Wrong(string name, string wanted) => new($"{owner}: \"{name}\" must be {wanted}");

    private ShellTemplate TemplateOf(string name, JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array) throw Wrong(name, "an array of text and values");
        var pieces = ImmutableArray.CreateBuilder<TemplatePiece>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                pieces.Add(new LiteralText(item.GetString()!));
                continue;
            }

            if (item.ValueKind != JsonValueKind.Object) throw Wrong(name, "an array of text and values");
            var use = new FieldSource(item, owner, valueCount);
            pieces.Add(new ValueUse(use.Value("value"), use.Has("quoting") ? use.Word("quoting", Quotings.Parse) : Quoting.Bare));
        }

        return new ShellTemplate(pieces.MoveToImmutable());
    }

    private int ValueIndex(string name, int index) => index >= 0 && index < valueCount ? index : throw Wrong(name, $"an index below {valueCount}");

    private JsonElement Field(string name, JsonValueKind kind)
    {
        if (!json.TryGetProperty(name, out var field)) throw new FormatException($"{owner}: \"{name}\" is missing");
        return field.ValueKind == kind ? field : throw Wrong(name, kind switch
        {
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            _ => "an array",
        });
    }
}
