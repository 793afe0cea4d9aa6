using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Source;

namespace Lockstep.Simulation;

/// <summary>Reads scripts: JSON files, and single rules from a command line.</summary>
public static class ScriptFile
{
    private const int MostExitCode = 255;
    private static readonly string[] Parts = ["steps", "values", "confirm"];
    private static readonly string[] Fields = ["exit", "output", "errors", "duration", "verify", "real"];

    /// <summary>Reads a file: an object with <c>steps</c>, <c>values</c> and <c>confirm</c>; comments and trailing commas are fine.</summary>
    /// <exception cref="FormatException">It is none; the message says where and why.</exception>
    public static Script Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new FormatException(json.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? "it is empty"
                : $"it is no JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}", broken);
        }
    }

    /// <summary>Reads <c>STEP=EXIT</c>, <c>STEP=EXIT,OUTPUT</c>, <c>STEP=real</c>, or <c>STEP=yes</c> and <c>STEP=no</c> for a confirmation.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static Script Rule(string text)
    {
        var equals = EndOfStep(text);
        if (equals <= 0) throw new FormatException($"'{text}' is no mock: write STEP=EXIT, STEP=EXIT,OUTPUT, STEP=real, or STEP=no for a confirmation");
        var (step, what) = (text[..equals], text[(equals + 1)..]);
        if (what is "yes" or "no") return new Script { Confirmations = ImmutableDictionary<string, bool>.Empty.Add(step, what == "yes") };
        if (what == "real") return new Script { Steps = [new ScriptRule(step, [new ScriptedProcess { Real = true }])] };
        var (code, output) = what.IndexOf(',', StringComparison.Ordinal) is >= 0 and var cut ? (what[..cut], what[(cut + 1)..] + "\n") : (what, "");
        if (!int.TryParse(code, out var exit) || exit is < 0 or > MostExitCode) throw new FormatException($"'{text}' has no exit code from 0 to 255 after {step}=");
        return new Script { Steps = [new ScriptRule(step, [new ScriptedProcess { ExitCode = exit, Output = output }])] };
    }

    /// <summary>The first <c>=</c> that something follows which can be said of a step; a pattern may hold others.</summary>
    private static int EndOfStep(string text)
    {
        for (var equals = text.IndexOf('=', StringComparison.Ordinal); equals >= 0; equals = text.IndexOf('=', equals + 1))
        {
            var what = text.AsSpan(equals + 1);
            if (what.IndexOf(',') is >= 0 and var comma) what = what[..comma];
            if (what is "yes" or "no" or "real" || (!what.IsEmpty && !what.ContainsAnyExceptInRange('0', '9'))) return equals;
        }
        return -1;
    }

    private static Script Read(JsonElement root)
    {
        Check(root, "the file", Parts);
        var steps = ImmutableArray.CreateBuilder<ScriptRule>();
        foreach (var step in Members(root, "steps")) steps.Add(Rule(step.Name, step.Value));
        return new Script
        {
            Steps = steps.ToImmutable(),
            Values = Members(root, "values").ToImmutableDictionary(value => value.Name, value => Text(value.Value, $"values.{value.Name}")),
            Confirmations = Members(root, "confirm").ToImmutableDictionary(answer => answer.Name, answer => Flag(answer.Value, $"confirm.{answer.Name}")),
        };
    }

    private static ScriptRule Rule(string step, JsonElement json)
    {
        var where = $"steps.{step}";
        if (json.ValueKind != JsonValueKind.Array) return new ScriptRule(step, [Process(json, where)], Verify(json, where));
        if (json.GetArrayLength() == 0) throw new FormatException($"{where} is empty; write what its first attempt does");
        return new ScriptRule(step, [.. json.EnumerateArray().Select((attempt, i) => Process(attempt, $"{where}[{i}]"))], json.EnumerateArray().Select(attempt => Verify(attempt, where)).FirstOrDefault(verify => verify is not null));
    }

    private static ScriptedProcess Process(JsonElement json, string where)
    {
        if (json.ValueKind == JsonValueKind.Number) return new ScriptedProcess { ExitCode = Code(json, where) };
        if (json.ValueKind == JsonValueKind.String && json.ValueEquals("real")) return new ScriptedProcess { Real = true };
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException($"{where} must be an exit code, \"real\", an object, or a list of these");
        Check(json, where, Fields);
        return new ScriptedProcess
        {
            ExitCode = json.TryGetProperty("exit", out var exit) ? Code(exit, $"{where}.exit") : 0,
            Output = json.TryGetProperty("output", out var output) ? Text(output, $"{where}.output") : "",
            Errors = json.TryGetProperty("errors", out var errors) ? Text(errors, $"{where}.errors") : "",
            Duration = json.TryGetProperty("duration", out var duration) ? Duration(duration, $"{where}.duration") : TimeSpan.Zero,
            Real = json.TryGetProperty("real", out var real) && Flag(real, $"{where}.real"),
        };
    }

    private static int? Verify(JsonElement json, string where)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty("verify", out var verify) ? Code(verify, $"{where}.verify") : null;

    private static JsonElement.ObjectEnumerator Members(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var part)) return default;
        return part.ValueKind == JsonValueKind.Object ? part.EnumerateObject() : throw new FormatException($"\"{name}\" must be an object");
    }

    private static void Check(JsonElement json, string where, string[] known)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException($"{where} must be an object");
        foreach (var member in json.EnumerateObject())
            if (Array.IndexOf(known, member.Name) < 0)
                throw new FormatException($"{where} has \"{member.Name}\", which means nothing; {(NearestName.Of(member.Name, known) is { } meant ? $"perhaps \"{meant}\" is meant" : $"there are {string.Join(", ", known)}")}");
    }

    private static int Code(JsonElement json, string where)
        => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var code) && code is >= 0 and <= MostExitCode ? code : throw new FormatException($"{where} must be an exit code from 0 to 255");

    private static string Text(JsonElement json, string where)
        => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new FormatException($"{where} must be a text");

    private static bool Flag(JsonElement json, string where)
        => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : throw new FormatException($"{where} must be true or false");

    private static TimeSpan Duration(JsonElement json, string where)
        => HumanDuration.TryParse(Text(json, where), out var duration) && duration >= TimeSpan.Zero ? duration : throw new FormatException($"{where} must be a duration such as \"30s\" or \"1h30m\"");
}
