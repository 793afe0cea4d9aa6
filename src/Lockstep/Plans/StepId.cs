using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lockstep.Plans;

/// <summary>A step's stable name: a path of author's names where there are any, else kind and ordinal, such as <c>deploy/parallel/2</c>.</summary>
[JsonConverter(typeof(StepIdConverter))]
public readonly record struct StepId(string Path)
{
    /// <summary>The id of a step inside this one.</summary>
    public StepId Child(string segment) => new($"{Path}/{segment}");

    /// <summary>The last segment, used as the step's label in output.</summary>
    public string Label => Path[(Path.LastIndexOf('/') + 1)..];

    /// <inheritdoc/>
    public override string ToString() => Path;
}

internal sealed class StepIdConverter : JsonConverter<StepId>
{
    public override StepId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, StepId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Path);
}
