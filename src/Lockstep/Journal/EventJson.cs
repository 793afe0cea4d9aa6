using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Lockstep.Journal;

/// <summary>The one written form of an event: a JSON object on one line, <c>type</c> first, then <c>v</c>, the format's version.</summary>
/// <remarks>Times are ISO 8601 in UTC, durations milliseconds with up to four decimals; what is null is left out.</remarks>
public static class EventJson
{
    /// <summary>The event format's version; a program reads its own and earlier ones.</summary>
    public const int FormatVersion = 1;

    /// <summary>All types of events.</summary>
    internal static ImmutableArray<string> Types { get; } =
    [
        "execution:start",
        "execution:end",
        "execution:interrupted",
        "execution:resumed",
        "execution:forked",
        "execution:pausing",
        "execution:paused",
        "checkpoint:created",
        "step:start",
        "step:end",
        "step:skipped",
        "step:waiting",
        "step:retry",
        "step:restart",
        "condition:evaluated",
        "value:resolved",
        "lock:waiting",
        "branches:waiting",
        "lock:taken",
        "lock:released",
        "call:once",
        "timer:start",
        "effect:checked",
        "cache:missed",
        "confirm:answered",
    ];

    /// <summary>The event's JSON in UTF-8, without a line end.</summary>
    public static byte[] ToUtf8(RunEvent happened)
    {
        using var writer = new EventWriter();
        return writer.Write(happened).ToArray();
    }

    /// <summary>The same with the run's id as its last member, <c>run</c>: an event that stands by itself, outside its run's journal.</summary>
    public static byte[] ToUtf8(RunId run, RunEvent happened)
    {
        using var writer = new EventWriter();
        return writer.Write(happened, run).ToArray();
    }

    /// <summary>The event that <see cref="ToUtf8(RunEvent)"/> wrote, in this release or an earlier one.</summary>
    /// <exception cref="JournalException">It is no event, or one that only a newer release knows.</exception>
    public static RunEvent Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var kinds = EventJsonContext.Default;
            var type = TypeOf(json);
            return type switch
            {
                "execution:start" => Read(json, kinds.RunStarted),
                "execution:end" => Read(json, kinds.RunEnded),
                "execution:interrupted" => Read(json, kinds.RunInterrupted),
                "execution:resumed" => Read(json, kinds.RunResumed),
                "execution:forked" => Read(json, kinds.RunForked),
                "execution:pausing" => Read(json, kinds.PauseAsked),
                "execution:paused" => Read(json, kinds.RunPaused),
                "checkpoint:created" => Read(json, kinds.CheckpointCreated),
                "step:start" => Read(json, kinds.StepStarted),
                "step:end" => Read(json, kinds.StepEnded),
                "step:skipped" => Read(json, kinds.StepSkipped),
                "step:retry" => Read(json, kinds.StepRetried),
                "step:restart" => Read(json, kinds.StepRestarted),
                "condition:evaluated" => Read(json, kinds.ConditionEvaluated),
                "value:resolved" => Read(json, kinds.ValueWasResolved),
                "step:waiting" => Read(json, kinds.SlotWaited),
                "lock:waiting" => Read(json, kinds.LockWaited),
                "branches:waiting" => Read(json, kinds.BranchesWaited),
                "lock:taken" => Read(json, kinds.LockTaken),
                "call:once" => Read(json, kinds.OnceCalled),
                "lock:released" => Read(json, kinds.LockReleased),
                "timer:start" => Read(json, kinds.TimerStarted),
                "effect:checked" => Read(json, kinds.EffectChecked),
                "cache:missed" => Read(json, kinds.CacheMissed),
                "confirm:answered" => Read(json, kinds.ConfirmationAnswered),
                _ => throw new JournalException($"this release does not know the event type '{type}': read it with the release that wrote it, or a newer one"),
            };
        }
        catch (JsonException broken)
        {
            throw new JournalException($"an event can't be read: {broken.Message}", broken);
        }
    }

    private static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> kind) where T : RunEvent => JsonSerializer.Deserialize(json, kind)!;

    /// <summary>The type of an event's JSON.</summary>
    /// <exception cref="JsonException">It is no event.</exception>
    internal static string TypeOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string? type = null;
        int? version = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("it is no JSON object");
        while ((type is null || version is null) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) type = reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : "";
            else if (reader.ValueTextEquals("v"u8)) version = reader.Read() && reader.TryGetInt32(out var number) ? number : 0;
            else reader.Skip();
        }

        return (type, version) switch
        {
            (null, _) => throw new JsonException("it has no type"),
            (_, null or < 1) => throw new JsonException($"the event '{type}' has no format version"),
            (_, > FormatVersion) => throw new JournalException(
                $"the event '{type}' is in event format {version} and this release reads up to {FormatVersion}: read it with the release that wrote it, or a newer one"),
            _ => type,
        };
    }
}

[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(MillisecondsConverter)])]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(RunEnded))]
[JsonSerializable(typeof(RunInterrupted))]
[JsonSerializable(typeof(RunResumed))]
[JsonSerializable(typeof(RunForked))]
[JsonSerializable(typeof(PauseAsked))]
[JsonSerializable(typeof(RunPaused))]
[JsonSerializable(typeof(CheckpointCreated))]
[JsonSerializable(typeof(TimerStarted))]
[JsonSerializable(typeof(LockReleased))]
[JsonSerializable(typeof(OnceCalled))]
[JsonSerializable(typeof(EffectChecked))]
[JsonSerializable(typeof(StepStarted))]
[JsonSerializable(typeof(StepEnded))]
[JsonSerializable(typeof(StepSkipped))]
[JsonSerializable(typeof(StepRetried))]
[JsonSerializable(typeof(StepRestarted))]
[JsonSerializable(typeof(ConditionEvaluated))]
[JsonSerializable(typeof(ValueWasResolved))]
[JsonSerializable(typeof(SlotWaited))]
[JsonSerializable(typeof(LockWaited))]
[JsonSerializable(typeof(BranchesWaited))]
[JsonSerializable(typeof(LockTaken))]
[JsonSerializable(typeof(CacheMissed))]
[JsonSerializable(typeof(ConfirmationAnswered))]
internal sealed partial class EventJsonContext : JsonSerializerContext;

/// <summary>A duration as milliseconds, to the tick of 100 ns.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TryGetDecimal(out var milliseconds) && Math.Abs(milliseconds) <= long.MaxValue / TimeSpan.TicksPerMillisecond
            ? new((long)(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new JsonException("it has a duration that is no number of milliseconds");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options)
        => throw new NotSupportedException("events are written by EventWriter");
}
