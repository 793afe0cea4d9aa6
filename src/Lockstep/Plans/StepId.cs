using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lockstep.Source;

namespace Lockstep.Plans;

/// <summary>A step's stable name: a path of author's names where there are any, else kind and ordinal, such as <c>deploy/parallel/2</c>.</summary>
[JsonConverter(typeof(StepIdConverter))]
public readonly record struct StepId(string Path)
{
    /// <summary>The longest path that is kept whole, in characters.</summary>
    public const int WholePath = 200;

    /// <summary>The id of a step inside this one.</summary>
    /// <remarks>
    /// Past <see cref="WholePath"/> the middle becomes 16 digits of a hash of it, as in <c>deploy/~3f0c91d2a4b8e657/build</c>: ids name files and are
    /// kept with every event, and commands that call each other 2,000 deep would otherwise need megabytes for one step's name.
    /// </remarks>
    public StepId Child(string segment)
    {
        if (Path.Length + segment.Length < WholePath) return new($"{Path}/{segment}");
        var root = Path.AsSpan();
        if (root.IndexOf('/') is >= 0 and var slash) root = root[..slash];
        return new($"{root}/~{Sha256.Hex(Encoding.UTF8.GetBytes(Path)).AsSpan(0, 16)}/{segment}");
    }

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
