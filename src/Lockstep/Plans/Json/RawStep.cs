using System.Text.Json;

namespace Lockstep.Plans.Json;

/// <summary>A step as JSON, cut out of the plan without those inside it: the platform's own document takes quadratic time for deep ones.</summary>
internal sealed class RawStep
{
    public JsonElement Id { get; private set; }

    public JsonElement Kind { get; private set; }

    public JsonElement Branch { get; private set; }

    public JsonElement Parameters { get; private set; }

    public JsonElement References { get; private set; }

    public JsonElement Evaluation { get; private set; }

    public JsonElement Place { get; private set; }

    public JsonElement Error { get; private set; }

    public List<RawStep> Children { get; } = [];

    /// <summary>Reads an array of steps whose bracket the reader stands on; any depth.</summary>
    public static List<RawStep> ReadArray(ref Utf8JsonReader reader)
    {
        Expect(reader.TokenType, JsonTokenType.StartArray);
        var open = new Stack<RawStep>();
        open.Push(new RawStep());
        while (true)
        {
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    var step = new RawStep();
                    open.Peek().Children.Add(step);
                    open.Push(step);
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.EndArray when open.Count == 1:
                    return open.Pop().Children;
                case JsonTokenType.EndArray:
                    break;
                case JsonTokenType.PropertyName when reader.ValueTextEquals("children"u8):
                    reader.Read();
                    Expect(reader.TokenType, JsonTokenType.StartArray);
                    break;
                case JsonTokenType.PropertyName:
                    open.Peek().ReadProperty(ref reader);
                    break;
                default:
                    throw new FormatException("a step must be an object");
            }
        }
    }

    private void ReadProperty(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("id"u8)) Id = Value(ref reader);
        else if (reader.ValueTextEquals("kind"u8)) Kind = Value(ref reader);
        else if (reader.ValueTextEquals("branch"u8)) Branch = Value(ref reader);
        else if (reader.ValueTextEquals("parameters"u8)) Parameters = Value(ref reader);
        else if (reader.ValueTextEquals("references"u8)) References = Value(ref reader);
        else if (reader.ValueTextEquals("evaluation"u8)) Evaluation = Value(ref reader);
        else if (reader.ValueTextEquals("place"u8)) Place = Value(ref reader);
        else if (reader.ValueTextEquals("error"u8)) Error = Value(ref reader);
        else reader.Skip();
    }

    private static JsonElement Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        return JsonElement.ParseValue(ref reader);
    }

    private static void Expect(JsonTokenType found, JsonTokenType wanted)
    {
        if (found != wanted) throw new FormatException("steps must be in an array");
    }
}
