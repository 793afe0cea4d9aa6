using System.Text.Json;

namespace Lockstep.Values;

/// <summary>A dotted path into JSON, such as <c>data.0.name</c>; <c>\.</c> is a dot of a name.</summary>
internal static class JsonPath
{
    private const int KeysShown = 10;

    /// <summary>The text at a path: a string's own, else compact JSON. Null with a cause when there is none.</summary>
    public static string? Find(string json, string path, out string cause)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            cause = "the answer is not JSON";
            return null;
        }

        using (document)
        {
            var here = document.RootElement;
            var walked = "";
            foreach (var name in Segments(path))
            {
                if (Step(here, name) is not { } next)
                {
                    cause = $"the answer has no '{name}' {(walked.Length == 0 ? "at its top" : $"in '{walked}'")}, which is {Describe(here)}";
                    return null;
                }

                here = next;
                walked = walked.Length == 0 ? name : $"{walked}.{name}";
            }

            cause = here.ValueKind == JsonValueKind.Null ? $"'{path}' is null in the answer" : "";
            return here.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => here.GetString(),
                _ => here.GetRawText(),
            };
        }
    }

    private static JsonElement? Step(JsonElement here, string name) => here.ValueKind switch
    {
        JsonValueKind.Object => here.TryGetProperty(name, out var property) ? property : null,
        JsonValueKind.Array => int.TryParse(name, out var index) && index >= 0 && index < here.GetArrayLength() ? here[index] : null,
        _ => null,
    };

    private static string Describe(JsonElement here) => here.ValueKind switch
    {
        JsonValueKind.Object => Keys(here),
        JsonValueKind.Array => here.GetArrayLength() is 0 ? "an empty array" : $"an array with the indexes 0 to {here.GetArrayLength() - 1}",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    private static string Keys(JsonElement here)
    {
        var keys = here.EnumerateObject().Select(property => property.Name).Take(KeysShown + 1).ToList();
        if (keys.Count == 0) return "an empty object";
        var more = keys.Count > KeysShown ? ", …" : "";
        return $"an object with {string.Join(", ", keys.Take(KeysShown))}{more}";
    }

    private static IEnumerable<string> Segments(string path)
        => path.Replace("\\.", "\0").Split('.').Select(segment => segment.Replace('\0', '.'));
}
