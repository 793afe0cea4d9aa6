using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lockstep.Expressions;
using Lockstep.Plans.Nodes;
using Lockstep.Source;

namespace Lockstep.Plans.Json;

/// <summary>Reads a plan without recursion. What others can work out, such as summary and edges, is not read. What is wrong throws <see cref="FormatException"/>.</summary>
internal static class PlanJsonReader
{
    public static Plan Read(ref Utf8JsonReader reader, Func<PlanNode, PlanNode>? replace)
    {
        var parts = ReadParts(ref reader);
        if (parts.Json.TryGetValue("format", out var format)) CheckFormat(format);
        else throw Missing("the plan", "format");

        var values = ReadValues(parts.Part("values", JsonValueKind.Array));
        var steps = Build(parts.Steps ?? throw Missing("the plan", "steps"), values.Length, replace);
        var mode = PlanModes.Parse(parts.Text("mode")) ?? throw new FormatException("the plan: \"mode\" must be a word of this version");
        var plan = new Plan(parts.Text("command"), mode, ReadRoot(parts, steps), values, ReadContext(parts.Part("context", JsonValueKind.Object)));
        if (GraphHash.Of(plan) != parts.Text("graph_hash")) throw new FormatException("its graph_hash is not that of its steps: it was changed or damaged");
        return plan;
    }

    private static Parts ReadParts(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException("it is no object");
        var parts = new Parts();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "steps") parts.Steps = RawStep.ReadArray(ref reader);
            else if (name is "summary" or "edges" or "estimate") reader.Skip();
            else parts.Json[name] = JsonElement.ParseValue(ref reader);
        }

        return parts;
    }

    private static void CheckFormat(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Number || !json.TryGetInt32(out var format) || format < 1)
            throw new FormatException("the plan: \"format\" must be a number from 1");
        if (format > Plan.FormatVersion)
            throw new FormatException($"its format is {format} and this program reads up to {Plan.FormatVersion}: use a newer lockstep");
    }

    private static PlanNode ReadRoot(Parts parts, ImmutableArray<PlanNode> steps)
    {
        if (!parts.Json.ContainsKey("root"))
            return steps.Length == 1 ? steps[0] : throw new FormatException("the plan: without a \"root\" there must be one step");
        var root = new FieldSource(parts.Part("root", JsonValueKind.Object), "the root", 0);
        return new SequenceNode(new(root.Text("id")), steps) { Place = root.Has("place") ? ReadPlace(Part(parts.Json["root"], "place", JsonValueKind.Object, "the root"), "the root") : null };
    }

    private static PlanContext ReadContext(JsonElement json)
    {
        var fields = new FieldSource(json, "the context", 0);
        var files = ImmutableArray.CreateBuilder<DefinitionFile>();
        foreach (var item in Part(json, "files", JsonValueKind.Array, "the context").EnumerateArray())
        {
            var file = new FieldSource(Object(item, "the context: a file"), "a file of the context", 0);
            files.Add(new(file.Text("path"), file.Text("sha256")));
        }

        return new(fields.Text("directory"), files.ToImmutable(), fields.Text("os"), fields.Text("arch"));
    }

    private static ImmutableArray<PlannedValue> ReadValues(JsonElement array)
    {
        var values = ImmutableArray.CreateBuilder<PlannedValue>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray()) values.Add(ReadValue(Object(item, "a value"), $"value {values.Count}"));
        return values.MoveToImmutable();
    }

    private static PlannedValue ReadValue(JsonElement json, string owner)
    {
        var fields = new FieldSource(json, owner, 0);
        var sensitive = fields.OptionalFlag("sensitive") ?? false;
        var resolved = sensitive ? null : ReadResolved(fields);
        var arguments = new FieldSource(Part(json, "arguments", JsonValueKind.Object, owner), owner, 0);
        return new(
            fields.Number("marker"), fields.Text("name"), ReadExpression(fields.Text("decorator"), arguments, resolved, fields.OptionalText("source") == ValueSource.Default.Word()), resolved,
            fields.Text("pinned") == "plan", sensitive)
        {
            Error = fields.OptionalText("error"),
            NotKept = sensitive && (fields.OptionalFlag("not_kept") ?? fields.Text("decorator") is "var" or "parameter"),
            References = json.TryGetProperty("references", out var references) ? ReadReferences(references, owner) : [],
        };
    }

    private static ResolvedValue? ReadResolved(FieldSource fields)
    {
        if (!fields.Has("value")) return null;
        DateTimeOffset? at = null;
        if (fields.OptionalText("resolved_at") is { } text)
        {
            at = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? time
                : throw fields.Wrong("resolved_at", "a time such as 2024-01-15T10:30:00Z");
        }

        return new(
            fields.Text("value"), fields.Word("source", ValueSources.Parse), at, fields.Has("cache_age") ? fields.Duration("cache_age") : null);
    }

    private static ValueExpression ReadExpression(string decorator, FieldSource arguments, ResolvedValue? resolved, bool isDefault) => decorator switch
    {
        "var" => new VariableExpression(arguments.Text("name"), resolved?.Text ?? ""),
        "parameter" => new ParameterExpression(arguments.Text("name"), resolved?.Text ?? "", isDefault),
        "env" => new EnvironmentExpression(arguments.Text("key"), arguments.OptionalText("default"), arguments.OptionalFlag("allow_empty") ?? false),
        "http" => new HttpExpression(
            arguments.OptionalText("url") ?? arguments.Text("label"), arguments.Text("label"), arguments.OptionalText("path") ?? "",
            arguments.Duration("ttl"), arguments.Duration("timeout")),
        "dns" => new DnsExpression(arguments.Text("host"), arguments.Text("type")),
        "file" => new FileExpression(arguments.Text("path")),
        "sh" => new ShellExpression(arguments.Text("command")),
        "timestamp" => new TimestampExpression(arguments.Text("format")),
        "uuid" => new UuidExpression(arguments.Number("ordinal")),
        "secret" => new SecretExpression(arguments.Text("key"), arguments.Text("from")),
        "output" => new OutputExpression(arguments.Text("step")),
        _ => throw new FormatException($"no value decorator of this version is called @{decorator}"),
    };

    private static ImmutableArray<PlanNode> Build(List<RawStep> steps, int valueCount, Func<PlanNode, PlanNode>? replace)
    {
        var top = new Built(steps);
        var open = new Stack<(RawStep? Step, Built Children)>();
        open.Push((null, top));
        while (true)
        {
            var (step, children) = open.Peek();
            if (children.Next is { } next)
            {
                open.Push((next, new Built(next.Children)));
                continue;
            }

            open.Pop();
            if (step is null) return top.Steps.MoveToImmutable();
            var read = ReadStep(step, children, valueCount);
            open.Peek().Children.Add(replace is null ? read : replace(read), TextOf(step.Branch, "a step", "branch"));
        }
    }

    private static PlanNode ReadStep(RawStep raw, Built children, int valueCount)
    {
        var id = TextOf(raw.Id, "a step", "id") ?? throw Missing("a step", "id");
        var owner = $"step {id}";
        var kind = TextOf(raw.Kind, owner, "kind") ?? throw Missing(owner, "kind");
        var read = StepKinds.Find(kind) ?? throw new FormatException($"{owner}: this version knows no kind of step called \"{kind}\"");
        var parameters = raw.Parameters.ValueKind == JsonValueKind.Undefined ? throw Missing(owner, "parameters") : raw.Parameters;
        var step = read(new(
            new(id), new(Object(parameters, $"{owner}: \"parameters\""), owner, valueCount),
            children.Steps.MoveToImmutable(), children.Branches.MoveToImmutable(),
            raw.Evaluation.ValueKind == JsonValueKind.Undefined ? null : new(Object(raw.Evaluation, $"{owner}: \"evaluation\""), owner, valueCount)));
        Place? place = raw.Place.ValueKind == JsonValueKind.Undefined ? null : ReadPlace(Object(raw.Place, $"{owner}: \"place\""), owner);
        var error = TextOf(raw.Error, owner, "error");
        if (raw.References.ValueKind != JsonValueKind.Undefined) step = step with { References = ReadReferences(raw.References, owner) };
        return place is null && error is null ? step : step with { Place = place, Error = error };
    }

    private static ImmutableArray<FieldReference> ReadReferences(JsonElement json, string owner)
        =>
        [
            .. Object(json, $"{owner}: \"references\"").EnumerateObject()
                .Select(field => new FieldReference(field.Name, TextOf(field.Value, owner, field.Name)!)),
        ];

    private static Place ReadPlace(JsonElement json, string owner)
    {
        var fields = new FieldSource(json, owner, 0);
        return new(fields.Text("file"), fields.Number("line"), fields.Number("column"));
    }

    private static string? TextOf(JsonElement json, string owner, string name) => json.ValueKind switch
    {
        JsonValueKind.Undefined => null,
        JsonValueKind.String => json.GetString(),
        _ => throw new FormatException($"{owner}: \"{name}\" must be a string"),
    };

    private static FormatException Missing(string owner, string name) => new($"{owner}: \"{name}\" is missing");

    private static JsonElement Part(JsonElement json, string name, JsonValueKind kind, string owner)
    {
        if (!json.TryGetProperty(name, out var part)) throw Missing(owner, name);
        return Checked(part, name, kind, owner);
    }

    private static JsonElement Checked(JsonElement part, string name, JsonValueKind kind, string owner)
        => part.ValueKind == kind ? part : throw new FormatException($"{owner}: \"{name}\" must be an {(kind == JsonValueKind.Array ? "array" : "object")}");

    private static JsonElement Object(JsonElement json, string what)
        => json.ValueKind == JsonValueKind.Object ? json : throw new FormatException($"{what} must be an object");

    /// <summary>The plan's own properties.</summary>
    private sealed class Parts
    {
        public Dictionary<string, JsonElement> Json { get; } = [];

        public List<RawStep>? Steps { get; set; }

        public string Text(string name)
            => TextOf(Json.GetValueOrDefault(name), "the plan", name) ?? throw Missing("the plan", name);

        public JsonElement Part(string name, JsonValueKind kind)
            => Json.TryGetValue(name, out var part) ? Checked(part, name, kind, "the plan") : throw Missing("the plan", name);
    }

    /// <summary>Steps of one parent, read one after the other.</summary>
    private sealed class Built(List<RawStep> steps)
    {
        public RawStep? Next => Steps.Count < steps.Count ? steps[Steps.Count] : null;

        public ImmutableArray<PlanNode>.Builder Steps { get; } = ImmutableArray.CreateBuilder<PlanNode>(steps.Count);

        public ImmutableArray<string?>.Builder Branches { get; } = ImmutableArray.CreateBuilder<string?>(steps.Count);

        public void Add(PlanNode step, string? branch)
        {
            Steps.Add(step);
            Branches.Add(branch);
        }
    }
}
