using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lockstep.Tests.Plans.Json;

/// <summary>Checks JSON against a schema, by the words of JSON Schema that ours uses; any other word is an error of the schema.</summary>
internal sealed class JsonSchema(JsonElement root)
{
    private static readonly HashSet<string> Notes = ["$schema", "$defs", "title", "description"];

    /// <summary>What is wrong, each with its path; empty for JSON that fits.</summary>
    public IReadOnlyList<string> Check(JsonElement json)
    {
        var wrong = new List<string>();
        Check(json, root, "$", wrong);
        return wrong;
    }

    private void Check(JsonElement json, JsonElement schema, string path, List<string> wrong)
    {
        foreach (var word in schema.EnumerateObject())
        {
            switch (word.Name)
            {
                case "$ref": Check(json, root.GetProperty("$defs").GetProperty(word.Value.GetString()!["#/$defs/".Length..]), path, wrong); break;
                case "type": Require(TypeOf(json) == word.Value.GetString(), $"{path} is no {word.Value}"); break;
                case "const": Require(json.GetRawText() == word.Value.GetRawText(), $"{path} is not {word.Value}"); break;
                case "enum": Require(word.Value.EnumerateArray().Any(one => one.GetRawText() == json.GetRawText()), $"{path} is none of {word.Value}"); break;
                case "pattern": Require(Regex.IsMatch(json.GetString()!, word.Value.GetString()!), $"{path} does not match {word.Value}"); break;
                case "minimum": Require(json.GetInt64() >= word.Value.GetInt64(), $"{path} is below {word.Value}"); break;
                case "minItems": Require(json.GetArrayLength() >= word.Value.GetInt32(), $"{path} has fewer than {word.Value}"); break;
                case "maxItems": Require(json.GetArrayLength() <= word.Value.GetInt32(), $"{path} has more than {word.Value}"); break;
                case "required":
                    foreach (var name in word.Value.EnumerateArray()) Require(json.TryGetProperty(name.GetString()!, out _), $"{path} lacks {name}");
                    break;
                case "properties":
                    foreach (var property in word.Value.EnumerateObject())
                        if (json.TryGetProperty(property.Name, out var part)) Check(part, property.Value, $"{path}.{property.Name}", wrong);
                    break;
                case "additionalProperties": CheckOthers(json, schema, word.Value, path, wrong); break;
                case "items":
                    var index = 0;
                    foreach (var item in json.EnumerateArray()) Check(item, word.Value, $"{path}[{(index++).ToString(CultureInfo.InvariantCulture)}]", wrong);
                    break;
                case "oneOf": CheckOneOf(json, word.Value, path, wrong); break;
                default: Require(Notes.Contains(word.Name), $"the schema says {word.Name}"); break;
            }

            if (word.Name == "type" && wrong.Count > 0) return;
        }

        void Require(bool holds, string otherwise)
        {
            if (!holds) wrong.Add(otherwise);
        }
    }

    private void CheckOthers(JsonElement json, JsonElement schema, JsonElement rule, string path, List<string> wrong)
    {
        var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name).ToHashSet() : [];
        foreach (var property in json.EnumerateObject().Where(property => !known.Contains(property.Name)))
        {
            if (rule.ValueKind == JsonValueKind.False) wrong.Add($"{path} has {property.Name}");
            else Check(property.Value, rule, $"{path}.{property.Name}", wrong);
        }
    }

    private void CheckOneOf(JsonElement json, JsonElement choices, string path, List<string> wrong)
    {
        var failures = new List<string>();
        var fits = 0;
        foreach (var choice in choices.EnumerateArray())
        {
            var here = new List<string>();
            Check(json, choice, path, here);
            if (here.Count == 0) fits++;
            else failures.AddRange(here);
        }

        if (fits != 1) wrong.Add($"{path} fits {fits} choices: {string.Join("; ", failures)}");
    }

    private static string TypeOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => json.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
